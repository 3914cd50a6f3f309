using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>
/// Programs that the kernel runs to decide which frames a socket gets (Linux <c>Documentation/networking/filter.rst</c>),
/// so that a busy interface does not wake us for what is none of our business.
/// </summary>
internal static unsafe class PacketFilter
{
    // Load the byte at an offset; go on by how many instructions if it is a number, or is not; return so many bytes.
    private const ushort LoadByte = 0x30;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;

    private const int NextHeaderOffset = 14 + 6;
    private const int IcmpTypeOffset = 14 + 40;
    private const int IcmpV6 = 58;
    private const int Solicitation = 135;
    private const int Advertisement = 136;

    /// <summary>
    /// Of IPv6 frames the neighbour solicitations and advertisements. They have no extension headers: their hop limit
    /// of 255 would not survive what those are for.
    /// </summary>
    internal static ReadOnlySpan<Instruction> NeighbourDiscovery => s_neighbourDiscovery;

    private static readonly Instruction[] s_neighbourDiscovery =
    [
        new() { Code = LoadByte, Operand = NextHeaderOffset },
        new() { Code = JumpIfEqual, Operand = IcmpV6, IfTrue = 0, IfFalse = 4 },
        new() { Code = LoadByte, Operand = IcmpTypeOffset },
        new() { Code = JumpIfEqual, Operand = Solicitation, IfTrue = 1, IfFalse = 0 },
        new() { Code = JumpIfEqual, Operand = Advertisement, IfTrue = 0, IfFalse = 1 },
        new() { Code = Return, Operand = uint.MaxValue },
        new() { Code = Return, Operand = 0 },
    ];

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Instruction
    {
        internal ushort Code;
        internal byte IfTrue;
        internal byte IfFalse;
        internal uint Operand;
    }

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Program
    {
        internal ushort Count;
        internal Instruction* Instructions;
    }
}
