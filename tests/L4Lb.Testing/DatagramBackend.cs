using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace L4Lb.Testing;

/// <summary>A UDP backend on loopback: answers as it is told, and remembers who asked what.</summary>
public sealed class DatagramBackend : IAsyncDisposable
{
    private readonly Func<byte[], IEnumerable<byte[]>> _answers;
    private readonly ConcurrentQueue<(IPEndPoint From, byte[] Datagram)> _received = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Socket _socket;
    private readonly Task _serving;

    private DatagramBackend(IPEndPoint? at, Func<byte[], IEnumerable<byte[]>> answers)
    {
        _answers = answers;
        at ??= new IPEndPoint(IPAddress.Loopback, 0);
        _socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        _socket.Bind(at);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _serving = ServeAsync();
    }

    /// <summary>Where it is.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it received, in order.</summary>
    public IReadOnlyCollection<(IPEndPoint From, byte[] Datagram)> Received => _received;

    /// <summary>Distinct addresses that asked: flows, since each has a socket of its own.</summary>
    public int Flows => _received.Select(r => r.From).Distinct().Count();

    /// <summary>Sends back what it gets.</summary>
    public static DatagramBackend Echo(IPEndPoint? at = null) => new(at, static datagram => [datagram]);

    /// <summary>Answers with <paramref name="name"/> before what it got.</summary>
    public static DatagramBackend Named(byte name, IPEndPoint? at = null) => new(at, datagram => [[name, .. datagram]]);

    /// <summary>
    /// A port at which nobody is, and which nobody else can take: bound, and connected to somebody else, so that whoever
    /// sends to it is told that it is unreachable.
    /// </summary>
    public static DatagramBackend Refuses()
    {
        var backend = new DatagramBackend(null, static _ => []);
        backend._socket.Connect(IPAddress.Loopback, 9);
        return backend;
    }

    /// <summary>Never answers.</summary>
    public static DatagramBackend Silent() => new(null, static _ => []);

    /// <summary>Answers each datagram with what <paramref name="answers"/> makes of it.</summary>
    public static DatagramBackend Answering(Func<byte[], IEnumerable<byte[]>> answers) => new(null, answers);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Dispose();
        await _serving;
        _closing.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), _closing.Token);
                var datagram = buffer[..result.ReceivedBytes];
                _received.Enqueue(((IPEndPoint)result.RemoteEndPoint, datagram));
                foreach (var answer in _answers(datagram))
                {
                    await _socket.SendToAsync(answer, result.RemoteEndPoint, _closing.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It was told to end.
        }
    }
}
