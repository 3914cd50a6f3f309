using L4Lb.Engine.Interop;
using static L4Lb.Engine.Interop.SocketConstants;

namespace L4Lb.Engine.Sockets;

/// <summary>Non-blocking calls on sockets of clients and servers, as values: for whoever puts the data plane between the two.</summary>
internal static unsafe class PlainIo
{
    /// <summary>
    /// A connect, or of UDP a connected socket; the result's value is its descriptor, even while the connect is in progress.
    /// </summary>
    /// <param name="from">Local address whose port the kernel chooses with the connect, as free for that target alone; null: any.</param>
    /// <param name="to">The target.</param>
    /// <param name="isUdp">UDP rather than TCP.</param>
    internal static IoResult Dial(SocketAddress? from, SocketAddress to, bool isUdp)
    {
        var made = Open(to.Family, isUdp);
        if (!made.Succeeded)
        {
            return made;
        }

        if (from is { } local)
        {
            SocketSetup.SetOption(made.Value, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
            if (Libc.Bind(made.Value, &local, local.Length) < 0)
            {
                return CloseFailed(made.Value);
            }
        }

        return Libc.Connect(made.Value, &to, to.Length) == 0 || LastError.Get() == Errno.EINPROGRESS ? made : CloseFailed(made.Value);
    }

    /// <summary>A socket bound to an address that it shares with nobody; it does not listen yet.</summary>
    internal static IoResult Bind(SocketAddress address, bool isUdp)
    {
        var made = Open(address.Family, isUdp);
        if (!made.Succeeded)
        {
            return made;
        }

        SocketSetup.SetOption(made.Value, SOL_SOCKET, SO_REUSEADDR, isUdp ? 0 : 1);
        return Libc.Bind(made.Value, &address, address.Length) == 0 ? made : CloseFailed(made.Value);
    }

    /// <summary>Begins to listen, or changes the length of the accept queue.</summary>
    internal static Errno Listen(int fd, int backlog) => Libc.Listen(fd, backlog) == 0 ? Errno.None : LastError.Get();

    /// <summary>
    /// Stops listening: connects are refused, and the port stays taken when it was bound by number (Linux net/ipv4/af_inet.c,
    /// inet_shutdown, which disconnects a listener). <see cref="Listen"/> begins again.
    /// </summary>
    internal static void StopListening(int fd) => _ = Libc.Shutdown(fd, SHUT_RD);

    /// <summary>Takes what has come.</summary>
    internal static IoResult Receive(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return SocketIo.Receive(fd, start, buffer.Length);
        }
    }

    /// <summary>Sends what there is room for.</summary>
    internal static IoResult Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return SocketIo.Send(fd, start, bytes.Length);
        }
    }

    /// <summary>Takes a datagram, and who sent it.</summary>
    internal static IoResult ReceiveFrom(int fd, Span<byte> buffer, out SocketAddress from)
    {
        SocketAddress address = default;
        fixed (byte* start = buffer)
        {
            var piece = new IoVector { Data = start, Length = (nuint)buffer.Length };
            var message = new DatagramHeader
            {
                Name = &address,
                NameLength = (uint)sizeof(SocketAddress),
                Vectors = &piece,
                VectorCount = 1,
            };
            var result = IoResult.Of(Libc.ReceiveMessage(fd, &message, MSG_DONTWAIT));
            from = address;
            return result;
        }
    }

    /// <summary>Sends a datagram to somebody.</summary>
    internal static IoResult SendTo(int fd, ReadOnlySpan<byte> bytes, SocketAddress to)
    {
        fixed (byte* start = bytes)
        {
            var piece = new IoVector { Data = start, Length = (nuint)bytes.Length };
            var message = new DatagramHeader { Name = &to, NameLength = (uint)to.Length, Vectors = &piece, VectorCount = 1 };
            return DatagramIo.Send(fd, &message, 1);
        }
    }

    private static IoResult Open(int family, bool isUdp)
    {
        var (type, protocol) = isUdp ? (SOCK_DGRAM, IPPROTO_UDP) : (SOCK_STREAM, IPPROTO_TCP);
        var made = IoResult.Of(Libc.Socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
        if (made.Succeeded && !isUdp)
        {
            SocketSetup.SetOption(made.Value, IPPROTO_TCP, TCP_NODELAY, 1);
        }

        return made;
    }

    private static IoResult CloseFailed(int fd)
    {
        var error = LastError.Get();
        SocketIo.Close(fd);
        return IoResult.Failure(error);
    }
}
