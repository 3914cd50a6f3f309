using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace L4Lb.DatagramLoad.Interop;

/// <summary><c>struct sockaddr_in</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InternetAddress
{
    internal const int Bytes = 16;

    private ushort _family;
    private ushort _port;
    private uint _address;
    private readonly ulong _zero;

    internal static InternetAddress From(IPEndPoint endPoint) => new()
    {
        _family = Constants.AF_INET,
        _port = BinaryPrimitives.ReverseEndianness((ushort)endPoint.Port),
        _address = MemoryMarshal.Read<uint>(endPoint.Address.GetAddressBytes()),
    };

    internal readonly bool Equals(in InternetAddress other) =>
        _family == other._family && _port == other._port && _address == other._address;
}

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Start;
    public nuint Length;
}

/// <summary><c>struct mmsghdr</c> of a 64-bit Linux: the message, and how many bytes of it went or came.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MultiMessage
{
    public InternetAddress* Name;
    public uint NameLength;
    private readonly uint _pad;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;
    private readonly int _pad2;
    public uint Length;
    private readonly uint _pad3;
}

/// <summary><c>struct cmsghdr</c> of a 64-bit Linux; its data follow at once.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    internal const int Bytes = 16;

    public nuint Length;
    public int Level;
    public int Type;
}

/// <summary><c>struct in_pktinfo</c>: sent along, it chooses the address that a datagram comes from.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketInfo
{
    internal const int Bytes = 12;

    public int Interface;
    public uint Source;
    public uint Destination;
}

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public int Descriptor;
    public short Events;
    public short Returned;
}

/// <summary><c>struct timespec</c> of a 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}
