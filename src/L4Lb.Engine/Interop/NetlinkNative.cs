using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>The system calls that <see cref="RouteNetlink"/> and <see cref="LinkMonitor"/> need. Blittable; errors are left in errno.</summary>
internal static unsafe partial class NetlinkNative
{
    public const int AddressFamilyNetlink = 16;
    public const int SocketRaw = 3;
    public const int SocketCloseOnExec = 0x80000;
    public const int NetlinkRoute = 0;

    public const int ErrorInterrupted = 4;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, NetlinkAddress* address, int length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int socket);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true)]
    public static partial uint InterfaceIndex(byte* name);

    /// <summary>Who takes part in a conversation, or which groups one listens to; <c>struct sockaddr_nl</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }

    /// <summary>Precedes every netlink message; <c>struct nlmsghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public uint Length;
        public ushort Type;
        public ushort Flags;
        public uint Sequence;
        public uint Port;
    }

    /// <summary>An address of an interface; <c>struct ifaddrmsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AddressMessage
    {
        public byte Family;
        public byte PrefixLength;
        public byte Flags;
        public byte Scope;
        public uint InterfaceIndex;
    }

    /// <summary>How long an address lives, in seconds; <c>struct ifa_cacheinfo</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AddressLifetime
    {
        public uint Preferred;
        public uint Valid;
        public uint Created;
        public uint Updated;
    }

    /// <summary>A network interface; <c>struct ifinfomsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LinkMessage
    {
        public byte Family;
        public byte Padding;
        public ushort Type;
        public int Index;
        public uint Flags;
        public uint Change;
    }

    /// <summary>Precedes every attribute; <c>struct rtattr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AttributeHeader
    {
        public ushort Length;
        public ushort Type;
    }
}
