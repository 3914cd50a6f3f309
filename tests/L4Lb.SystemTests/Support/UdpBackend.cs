using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A UDP server of the test itself. It remembers every datagram and does with each what the test says.</summary>
internal sealed class UdpBackend : IAsyncDisposable
{
    /// <summary>Room for thousands of datagrams, so that a test that is held up loses none.</summary>
    private const int BufferBytes = 8 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<UdpReceived> _received = new();
    private readonly Func<UdpReceived, byte[]?>? _answer;
    private readonly Task _serving;
    private int _count;

    /// <summary>Starts one.</summary>
    /// <param name="at">Where.</param>
    /// <param name="answer">What it answers to a datagram, null for nothing; by default an <see cref="EchoAnswer"/>.</param>
    public UdpBackend(IPEndPoint at, Func<UdpReceived, byte[]?>? answer = null)
    {
        EndPoint = at;
        _answer = answer ?? (received => new EchoAnswer(at, received.From, received.Text).Format());
        _socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = BufferBytes };
        _socket.Bind(at);
        _serving = Task.Run(ServeAsync);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>How many datagrams came.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The datagrams that came, in their order.</summary>
    public IReadOnlyCollection<UdpReceived> Received => _received;

    /// <summary>Addresses for several with one port: 127.0.0.11 and on.</summary>
    public static IPEndPoint[] EndPoints(int count)
    {
        var port = Loopback.FreePort();
        return [.. Enumerable.Range(11, count).Select(i => new IPEndPoint(IPAddress.Parse($"127.0.0.{i}"), port))];
    }

    /// <summary>Sends an answer when the test wants it to be.</summary>
    public void Send(byte[] datagram, IPEndPoint to) => _socket.SendTo(datagram, to);

    /// <summary>Closes its socket: from now on the kernel refuses its clients.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            _socket.Dispose();
            await _serving;
        }
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[65536];
        var from = new IPEndPoint(EndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var result = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _stop.Token);
                var received = new UdpReceived(buffer[..result.ReceivedBytes], (IPEndPoint)result.RemoteEndPoint);
                _received.Enqueue(received);
                Interlocked.Increment(ref _count);
                if (_answer!(received) is { } answer)
                {
                    _socket.SendTo(answer, received.From);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The end, or somebody who did not wait for the answer.
            }
        }
    }
}

/// <summary>A datagram and who sent it.</summary>
internal sealed record UdpReceived(byte[] Bytes, IPEndPoint From)
{
    public string Text => Encoding.ASCII.GetString(Bytes);
}

/// <summary>What a <see cref="UdpBackend"/> answers.</summary>
/// <param name="Backend">Who it is.</param>
/// <param name="Asker">Who asked, as it sees it: the same all along a flow.</param>
/// <param name="Question">What was asked.</param>
internal sealed record EchoAnswer(IPEndPoint Backend, IPEndPoint Asker, string Question)
{
    public byte[] Format() => Encoding.ASCII.GetBytes($"{Backend} {Asker} {Question}");

    public static EchoAnswer? Parse(byte[] datagram) =>
        Encoding.ASCII.GetString(datagram).Split(' ', 3) is [var backend, var asker, var question]
            ? new EchoAnswer(IPEndPoint.Parse(backend), IPEndPoint.Parse(asker), question)
            : null;
}
