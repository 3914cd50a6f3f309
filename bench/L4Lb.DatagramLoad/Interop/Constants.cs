namespace L4Lb.DatagramLoad.Interop;

/// <summary>Constants of socket(7), ip(7), udp(7), poll(2), prctl(2) and clock_nanosleep(2), asm-generic values.</summary>
internal static class Constants
{
    internal const int AF_INET = 2;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_CLOEXEC = 0x80000;

    internal const int SOL_SOCKET = 1;
    internal const int SO_SNDBUF = 7;
    internal const int SO_RCVBUF = 8;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;

    internal const int IPPROTO_IP = 0;
    internal const int IP_PKTINFO = 8;
    internal const int SOL_UDP = 17;
    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;

    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_WAITFORONE = 0x10000;

    internal const short POLLIN = 1;

    internal const int CLOCK_MONOTONIC = 1;
    internal const int TIMER_ABSTIME = 1;
    internal const int PR_SET_TIMERSLACK = 29;

    internal const int EINTR = 4;
    internal const int EAGAIN = 11;
    internal const int ECONNREFUSED = 111;
}
