using L4Lb.Engine.Interop;
using static L4Lb.Engine.Interop.SocketConstants;

namespace L4Lb.Engine.Sockets;

/// <summary>The non-blocking calls on UDP sockets, as values.</summary>
internal static unsafe class DatagramIo
{
    /// <summary>Takes up to <paramref name="count"/> datagrams; the result's value is how many came.</summary>
    internal static IoResult Receive(int fd, DatagramHeader* messages, int count)
    {
        int result;
        do
        {
            result = Libc.ReceiveMessages(fd, messages, (uint)count, MSG_DONTWAIT, null);
        }
        while (result < 0 && LastError.Get() == Errno.EINTR);

        return IoResult.Of(result);
    }

    /// <summary>Sends messages in order; the result's value is how many went. An error is that of the first.</summary>
    internal static IoResult Send(int fd, DatagramHeader* messages, int count)
    {
        int result;
        do
        {
            result = Libc.SendMessages(fd, messages, (uint)count, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
        while (result < 0 && LastError.Get() == Errno.EINTR);

        return IoResult.Of(result);
    }

    /// <summary>
    /// The next thing that the network has told of what a socket sent (ip(7), IP_RECVERR); none when there is nothing more.
    /// What a router said of a size (EMSGSIZE) is one of them.
    /// </summary>
    internal static Errno TakeNetworkError(int fd)
    {
        const int ControlBytes = 256;
        var control = stackalloc byte[ControlBytes];
        var message = new DatagramHeader { Control = control, ControlLength = ControlBytes };
        nint result;
        do
        {
            result = Libc.ReceiveMessage(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
        }
        while (result < 0 && LastError.Get() == Errno.EINTR);

        if (result < 0)
        {
            return Errno.None;
        }

        var found = ControlMessage.Find(control, message.ControlLength, IPPROTO_IP, IP_RECVERR);
        found = found is null ? ControlMessage.Find(control, message.ControlLength, IPPROTO_IPV6, IPV6_RECVERR) : found;
        return found is null ? Errno.EPROTO : (Errno)((ExtendedError*)found)->Error;
    }
}
