using L4Lb.Engine.Interop;
using static L4Lb.Engine.Interop.SocketConstants;

namespace L4Lb.Engine.Sockets;

/// <summary>The non-blocking socket calls of a session, as values.</summary>
internal static unsafe class SocketIo
{
    /// <summary>Takes the next client of a listening socket; the result's value is its descriptor.</summary>
    internal static IoResult Accept(int listener, out SocketAddress client)
    {
        SocketAddress address;
        var length = sizeof(SocketAddress);
        int fd;
        do
        {
            fd = Libc.Accept4(listener, &address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        }
        while (fd < 0 && LastError.Get() == Errno.EINTR);

        client = address;
        return IoResult.Of(fd);
    }

    /// <summary>
    /// Starts a connect on a new socket; the result's value is its descriptor, even while the connect is in progress.
    /// </summary>
    internal static IoResult Connect(in SocketAddress address)
    {
        var fd = Libc.Socket(address.Family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
        if (fd < 0)
        {
            return IoResult.Failure(LastError.Get());
        }

        // A relay must pass on small messages at once; whoever wants to gather has done so at the sender.
        SocketSetup.SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        fixed (SocketAddress* target = &address)
        {
            if (Libc.Connect(fd, target, address.Length) == 0)
            {
                return IoResult.Of(fd);
            }
        }

        var error = LastError.Get();
        if (error == Errno.EINPROGRESS)
        {
            return IoResult.Of(fd);
        }

        Close(fd);
        return IoResult.Failure(error);
    }

    internal static IoResult Receive(int fd, byte* buffer, int length)
    {
        nint result;
        do
        {
            result = Libc.Recv(fd, buffer, length, 0);
        }
        while (result < 0 && LastError.Get() == Errno.EINTR);

        return IoResult.Of(result);
    }

    /// <summary>What a receive of one byte would come to, without taking it in.</summary>
    internal static IoResult Peek(int fd)
    {
        byte ignored;
        nint result;
        do
        {
            result = Libc.Recv(fd, &ignored, 1, MSG_PEEK);
        }
        while (result < 0 && LastError.Get() == Errno.EINTR);

        return IoResult.Of(result);
    }

    internal static IoResult Send(int fd, byte* buffer, int length)
    {
        nint result;
        do
        {
            result = Libc.Send(fd, buffer, length, MSG_NOSIGNAL);
        }
        while (result < 0 && LastError.Get() == Errno.EINTR);

        return IoResult.Of(result);
    }

    /// <summary>Moves up to <paramref name="length"/> bytes between a socket and a pipe without copying them out.</summary>
    internal static IoResult Splice(int source, int target, int length)
    {
        nint result;
        do
        {
            result = Libc.Splice(source, null, target, null, length, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        }
        while (result < 0 && LastError.Get() == Errno.EINTR);

        return IoResult.Of(result);
    }

    /// <summary>Sends FIN; the other direction goes on.</summary>
    internal static void ShutdownSend(int fd) => _ = Libc.Shutdown(fd, SHUT_WR);

    /// <summary>The error that a socket has pending, which a failed connect leaves; reading clears it.</summary>
    internal static Errno TakeError(int fd)
    {
        int error;
        var length = sizeof(int);
        return Libc.GetSockOpt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? (Errno)error : LastError.Get();
    }

    /// <summary>The address that the client addressed, which for a wildcard listener only the kernel knows.</summary>
    internal static SocketAddress LocalAddress(int fd)
    {
        SocketAddress address = default;
        var length = sizeof(SocketAddress);
        _ = Libc.GetSockName(fd, &address, &length);
        return address;
    }

    internal static void Close(int fd) => _ = Libc.Close(fd);

    /// <summary>Closes with RST: linger on, zero seconds (socket(7)).</summary>
    internal static void Reset(int fd)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = Libc.SetSockOpt(fd, SOL_SOCKET, SO_LINGER, linger, 2 * sizeof(int));
        Close(fd);
    }
}
