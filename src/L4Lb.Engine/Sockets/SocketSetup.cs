using L4Lb.Engine.Interop;
using static L4Lb.Engine.Interop.SocketConstants;

namespace L4Lb.Engine.Sockets;

/// <summary>
/// Makes listening sockets and those of UDP flows, all options set here. By system call rather than by the framework, whose ReuseAddress
/// silently sets SO_REUSEPORT too: two processes would share a port without knowing.
/// </summary>
internal static unsafe class SocketSetup
{
    /// <summary>
    /// Whether <paramref name="address"/> can be bound by somebody who does not share: fails with EADDRINUSE when any
    /// other process listens there. Asked before the sharing sockets are made, since those would join a stranger's.
    /// </summary>
    internal static Errno Probe(in SocketAddress address, bool isUdp = false)
    {
        var made = Bound(address, share: false, isUdp);
        if (made.Succeeded)
        {
            SocketIo.Close(made.Value);
        }

        return made.Error;
    }

    /// <summary>A listening socket that shares its address with those of the other shards (SO_REUSEPORT).</summary>
    internal static IoResult Listen(in SocketAddress address, int backlog)
    {
        var made = Bound(address, share: true, isUdp: false);
        if (made.Succeeded && Libc.Listen(made.Value, backlog) < 0)
        {
            var error = LastError.Get();
            SocketIo.Close(made.Value);
            return IoResult.Failure(error);
        }

        return made;
    }

    /// <summary>
    /// A UDP socket that shares its address with those of the other shards (SO_REUSEPORT): the kernel gives one client's
    /// datagrams to one of them.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="asksWhere">Tell with each datagram which local address it was sent to.</param>
    /// <param name="receiveBytes">What the kernel is to hold while the shard is busy, as far as it allows.</param>
    /// <param name="offload">Take datagrams in a row as one (UDP GRO).</param>
    internal static IoResult ListenUdp(in SocketAddress address, bool asksWhere, int receiveBytes, bool offload)
    {
        var made = Bound(address, share: true, isUdp: true);
        if (made.Succeeded)
        {
            var isIPv6 = address.Family == AF_INET6;
            if (asksWhere)
            {
                SetOption(made.Value, isIPv6 ? IPPROTO_IPV6 : IPPROTO_IP, isIPv6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1);
            }

            // Forced beyond net.core.rmem_max where we may (CAP_NET_ADMIN); the kernel counts double.
            SetOption(made.Value, SOL_SOCKET, SO_RCVBUF, receiveBytes);
            SetOption(made.Value, SOL_SOCKET, SO_RCVBUFFORCE, receiveBytes);
            SetOption(made.Value, IPPROTO_UDP, UDP_GRO, offload ? 1 : 0);
        }

        return made;
    }

    /// <summary>A UDP socket that sends to <paramref name="address"/> and hears from nobody else, and what the network has to say of it.</summary>
    internal static IoResult ConnectUdp(in SocketAddress address, bool offload)
    {
        var fd = Libc.Socket(address.Family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
        if (fd < 0)
        {
            return IoResult.Failure(LastError.Get());
        }

        // Without it only a refused port is told (Linux net/ipv4/udp.c, __udp4_lib_err), not a host that is gone.
        var isIPv6 = address.Family == AF_INET6;
        SetOption(fd, isIPv6 ? IPPROTO_IPV6 : IPPROTO_IP, isIPv6 ? IPV6_RECVERR : IP_RECVERR, 1);
        if (offload)
        {
            SetOption(fd, IPPROTO_UDP, UDP_GRO, 1);
        }

        fixed (SocketAddress* target = &address)
        {
            if (Libc.Connect(fd, target, address.Length) == 0)
            {
                return IoResult.Of(fd);
            }
        }

        var error = LastError.Get();
        SocketIo.Close(fd);
        return IoResult.Failure(error);
    }

    internal static void SetOption(int fd, int level, int name, int value) =>
        _ = Libc.SetSockOpt(fd, level, name, &value, sizeof(int));

    private static IoResult Bound(in SocketAddress address, bool share, bool isUdp)
    {
        var (type, protocol) = isUdp ? (SOCK_DGRAM, IPPROTO_UDP) : (SOCK_STREAM, IPPROTO_TCP);
        var fd = Libc.Socket(address.Family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        if (fd < 0)
        {
            return IoResult.Failure(LastError.Get());
        }

        // For UDP that would let a stranger share the address who asks for the same (socket(7)).
        SetOption(fd, SOL_SOCKET, SO_REUSEADDR, isUdp ? 0 : 1);
        if (share)
        {
            SetOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
        }

        // A VIP may be bound before it is on any interface: it can arrive and move while we run.
        if (address.Family == AF_INET6)
        {
            SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
            SetOption(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
        }
        else
        {
            SetOption(fd, IPPROTO_IP, IP_FREEBIND, 1);
        }

        if (!isUdp)
        {
            // Accepted sockets inherit it, which saves one call for each.
            SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        }

        fixed (SocketAddress* target = &address)
        {
            if (Libc.Bind(fd, target, address.Length) == 0)
            {
                return IoResult.Of(fd);
            }
        }

        var error = LastError.Get();
        SocketIo.Close(fd);
        return IoResult.Failure(error);
    }
}
