namespace L4Lb.Engine.Interop;

/// <summary>Constants of socket(7), ip(7), ipv6(7), tcp(7), udp(7) and fcntl(2), asm-generic values.</summary>
internal static class SocketConstants
{
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;

    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;

    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_ERROR = 4;
    internal const int SO_RCVBUF = 8;
    internal const int SO_LINGER = 13;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_RCVBUFFORCE = 33;

    internal const int IPPROTO_IP = 0;
    internal const int IP_PKTINFO = 8;
    internal const int IP_RECVERR = 11;
    internal const int IP_FREEBIND = 15;
    internal const int IP_BIND_ADDRESS_NO_PORT = 24;
    internal const int IPPROTO_TCP = 6;
    internal const int TCP_NODELAY = 1;
    internal const int IPPROTO_UDP = 17;
    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_RECVERR = 25;
    internal const int IPV6_V6ONLY = 26;
    internal const int IPV6_RECVPKTINFO = 49;
    internal const int IPV6_PKTINFO = 50;
    internal const int IPV6_FREEBIND = 78;

    internal const int SHUT_RD = 0;
    internal const int SHUT_WR = 1;
    internal const int MSG_PEEK = 0x2;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_ERRQUEUE = 0x2000;
    internal const int MSG_NOSIGNAL = 0x4000;

    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int F_SETPIPE_SZ = 1031;
    internal const int RLIMIT_NOFILE = 7;

    internal const uint SPLICE_F_MOVE = 1;
    internal const uint SPLICE_F_NONBLOCK = 2;
}
