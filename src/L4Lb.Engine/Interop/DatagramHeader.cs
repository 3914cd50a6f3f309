using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary><c>struct iovec</c>: where some of a message's bytes lie.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    internal byte* Data;
    internal nuint Length;
}

/// <summary><c>struct mmsghdr</c> of 64-bit Linux (recvmmsg(2)): one message of a batch, and its length once received.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DatagramHeader
{
    internal SocketAddress* Name;
    internal uint NameLength;
    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal byte* Control;
    internal nuint ControlLength;
    internal int Flags;
    private readonly int _endOfHeader;

    /// <summary>Bytes received, or sent; not part of <c>struct msghdr</c>.</summary>
    internal uint Length;
    private readonly uint _endOfBatch;
}

/// <summary>
/// <c>struct cmsghdr</c> with its data (cmsg(3)): ancillary data of a message, one after the other, each aligned to 8 bytes.
/// </summary>
internal static unsafe class ControlMessage
{
    private const int HeaderBytes = 16;

    /// <summary>Writes one and returns the bytes that it takes.</summary>
    internal static int Write<T>(byte* target, int level, int type, T value)
        where T : unmanaged
    {
        *(nuint*)target = (nuint)(HeaderBytes + sizeof(T));
        *(int*)(target + 8) = level;
        *(int*)(target + 12) = type;
        *(T*)(target + HeaderBytes) = value;
        return Space(sizeof(T));
    }

    /// <summary>Bytes that one takes with that much data.</summary>
    internal static int Space(int dataBytes) => HeaderBytes + ((dataBytes + 7) & ~7);

    /// <summary>The data of the first one of that kind; null when there is none.</summary>
    internal static byte* Find(byte* control, nuint length, int level, int type)
    {
        var end = control + length;
        while (control + HeaderBytes <= end)
        {
            var size = *(nuint*)control;
            if (*(int*)(control + 8) == level && *(int*)(control + 12) == type)
            {
                return control + HeaderBytes;
            }

            if (size < HeaderBytes)
            {
                break;
            }

            control += (size + 7) & ~(nuint)7;
        }

        return null;
    }
}

/// <summary><c>struct in_pktinfo</c> (ip(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketInfo4
{
    internal int Interface;

    /// <summary>The local address, network byte order: that asked, or that to answer from.</summary>
    internal uint Local;
    internal uint Destination;
}

/// <summary><c>struct in6_pktinfo</c> (ipv6(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketInfo6
{
    /// <summary>First and last half of the local address, network byte order.</summary>
    internal ulong High;
    internal ulong Low;
    internal int Interface;
}

/// <summary><c>struct sock_extended_err</c> (ip(7)): what the network has told of an earlier send.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ExtendedError
{
    internal uint Error;
    internal byte Origin;
    internal byte Type;
    internal byte Code;
    internal byte Padding;
    internal uint Info;
    internal uint Data;
}
