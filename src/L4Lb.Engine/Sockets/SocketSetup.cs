using L4Lb.Engine.Interop;
using static L4Lb.Engine.Interop.SocketConstants;

namespace L4Lb.Engine.Sockets;

/// <summary>
/// Makes listening sockets, all options set here. By system call rather than by the framework, whose ReuseAddress
/// silently sets SO_REUSEPORT too: two processes would share a port without knowing.
/// </summary>
internal static unsafe class SocketSetup
{
    /// <summary>
    /// Whether <paramref name="address"/> can be bound by somebody who does not share: fails with EADDRINUSE when any
    /// other process listens there. Asked before the sharing sockets are made, since those would join a stranger's.
    /// </summary>
    internal static Errno Probe(in SocketAddress address)
    {
        var made = Bound(address, share: false);
        if (made.Succeeded)
        {
            SocketIo.Close(made.Value);
        }

        return made.Error;
    }

    /// <summary>A listening socket that shares its address with those of the other shards (SO_REUSEPORT).</summary>
    internal static IoResult Listen(in SocketAddress address, int backlog)
    {
        var made = Bound(address, share: true);
        if (made.Succeeded && Libc.Listen(made.Value, backlog) < 0)
        {
            var error = LastError.Get();
            SocketIo.Close(made.Value);
            return IoResult.Failure(error);
        }

        return made;
    }

    internal static void SetOption(int fd, int level, int name, int value) =>
        _ = Libc.SetSockOpt(fd, level, name, &value, sizeof(int));

    private static IoResult Bound(in SocketAddress address, bool share)
    {
        var fd = Libc.Socket(address.Family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
        if (fd < 0)
        {
            return IoResult.Failure(LastError.Get());
        }

        SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
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

        // Accepted sockets inherit it, which saves one call for each.
        SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
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
