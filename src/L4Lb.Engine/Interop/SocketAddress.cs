using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Interop;

/// <summary>A <c>sockaddr_in</c> or <c>sockaddr_in6</c>, made once per backend so that a connect converts nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketAddress
{
    /// <summary>Size of the larger of the two, <c>sockaddr_in6</c>.</summary>
    internal const int MaxLength = 28;

    private Bytes _bytes;

    /// <summary><c>AF_INET</c> or <c>AF_INET6</c>.</summary>
    internal readonly int Family => MemoryMarshal.Read<ushort>(_bytes);

    /// <summary>Number of bytes that the kernel is told.</summary>
    internal readonly int Length => Family == SocketConstants.AF_INET ? 16 : MaxLength;

    internal static SocketAddress From(in AddressKey key)
    {
        var address = default(SocketAddress);
        Span<byte> bytes = address._bytes;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], key.Port);
        if (key.IsIPv4)
        {
            MemoryMarshal.Write(bytes, (ushort)SocketConstants.AF_INET);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)key.Address);
        }
        else
        {
            MemoryMarshal.Write(bytes, (ushort)SocketConstants.AF_INET6);
            BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], key.Address);
        }

        return address;
    }

    internal readonly AddressKey ToKey()
    {
        ReadOnlySpan<byte> bytes = _bytes;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return Family == SocketConstants.AF_INET
            ? AddressKey.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new AddressKey(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port);
    }

    [InlineArray(MaxLength)]
    private struct Bytes
    {
        private byte _first;
    }
}
