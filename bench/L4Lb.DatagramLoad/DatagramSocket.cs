using System.Net;
using System.Runtime.InteropServices;
using L4Lb.DatagramLoad.Interop;

namespace L4Lb.DatagramLoad;

/// <summary>An IPv4 UDP socket that sends and receives batches. Sends and receives may be on two threads.</summary>
internal sealed unsafe class DatagramSocket : IDisposable
{
    /// <summary>Some 2,500 small datagrams: a pause loses nothing, and a queue of them is a few milliseconds.</summary>
    private const int BufferBytes = 2 << 20;

    /// <summary>How long a receive blocks at most.</summary>
    private const int ReceiveTimeoutUs = 100_000;

    public DatagramSocket(IPEndPoint local)
    {
        Descriptor = Libc.Socket(Constants.AF_INET, Constants.SOCK_DGRAM | Constants.SOCK_CLOEXEC, 0);
        Check(Descriptor, "socket");
        SetBuffer(Constants.SO_RCVBUFFORCE, Constants.SO_RCVBUF);
        SetBuffer(Constants.SO_SNDBUFFORCE, Constants.SO_SNDBUF);
        var timeout = stackalloc long[] { 0, ReceiveTimeoutUs };
        Check(Libc.SetSockOpt(Descriptor, Constants.SOL_SOCKET, Constants.SO_RCVTIMEO, timeout, 16), "SO_RCVTIMEO");
        var address = InternetAddress.From(local);
        Check(Libc.Bind(Descriptor, &address, InternetAddress.Bytes), "bind", local);
    }

    public int Descriptor { get; }

    public void Connect(IPEndPoint target)
    {
        var address = InternetAddress.From(target);
        Check(Libc.Connect(Descriptor, &address, InternetAddress.Bytes), "connect", target);
    }

    public void SetOption(int level, int option, int value, string name) =>
        Check(Libc.SetSockOpt(Descriptor, level, option, &value, sizeof(int)), name);

    /// <summary>Receives what is there, waiting for the first; 0 when none came in 100 ms, or none was there with MSG_DONTWAIT.</summary>
    public int Receive(DatagramBatch batch, int flags)
    {
        var received = Libc.ReceiveMany(Descriptor, batch.Messages, (uint)batch.Count, flags | Constants.MSG_WAITFORONE, null);
        return received >= 0 ? received : Expected("recvmmsg");
    }

    /// <summary>Sends the first <paramref name="count"/>. Returns how many went: all, but for those that an ICMP error stopped.</summary>
    public int Send(DatagramBatch batch, int count)
    {
        var sent = 0;
        for (var i = 0; i < count;)
        {
            var now = Libc.SendMany(Descriptor, batch.Messages + i, (uint)(count - i), 0);
            i += now > 0 ? now : 1;
            sent += now > 0 ? now : Expected("sendmmsg");
        }

        return sent;
    }

    public void Dispose() => _ = Libc.Close(Descriptor);

    private static int Expected(string call)
    {
        var errno = Marshal.GetLastPInvokeError();
        return errno is Constants.EINTR or Constants.EAGAIN or Constants.ECONNREFUSED ? 0 : throw Error(call, errno);
    }

    private static void Check(int result, string call, IPEndPoint? address = null)
    {
        if (result < 0)
        {
            var errno = Marshal.GetLastPInvokeError(); // Before the address becomes text, which makes calls of its own.
            throw Error(address is null ? call : $"{call} {address}", errno);
        }
    }

    private static IOException Error(string what, int errno) => new($"{what}: {Marshal.GetPInvokeErrorMessage(errno)}");

    /// <summary>Beyond the system's limit where that is allowed, up to it otherwise.</summary>
    private void SetBuffer(int forced, int plain)
    {
        var bytes = BufferBytes;
        if (Libc.SetSockOpt(Descriptor, Constants.SOL_SOCKET, forced, &bytes, sizeof(int)) < 0)
        {
            Check(Libc.SetSockOpt(Descriptor, Constants.SOL_SOCKET, plain, &bytes, sizeof(int)), "SO_RCVBUF");
        }
    }
}
