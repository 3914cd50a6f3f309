using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace L4Lb.Testing;

/// <summary>A backend on a real socket that behaves well, badly or as the test tells it.</summary>
public sealed class LoopbackBackend : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<TestConnection, Task>? _serve;
    private readonly Channel<TestConnection> _accepted = Channel.CreateUnbounded<TestConnection>();
    private readonly ConcurrentDictionary<TestConnection, Task> _open = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly List<IDisposable> _fillers = [];
    private Task _accepting = Task.CompletedTask;
    private int _acceptedCount;
    private long _received;

    private LoopbackBackend(IPAddress? address, Func<TestConnection, Task>? serve, int? sendBuffer = null, IPEndPoint? at = null)
    {
        if (at is null)
        {
            _listener = Loopback.Bound(address ?? IPAddress.Loopback);
        }
        else
        {
            _listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(at);
        }

        _serve = serve;
        if (sendBuffer is { } bytes)
        {
            _listener.SendBufferSize = bytes;
        }

        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    /// <summary>Where it is.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Connections it ever accepted.</summary>
    public int Accepted => Volatile.Read(ref _acceptedCount);

    /// <summary>Connections it serves now.</summary>
    public int Open => _open.Count;

    /// <summary>Bytes that <see cref="Sink"/> has read.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Sends everything back, and FIN after FIN.</summary>
    public static LoopbackBackend Echo(IPAddress? address = null, IPEndPoint? at = null) => new LoopbackBackend(address, EchoAsync, at: at).Listen();

    /// <summary>Says <paramref name="name"/> to whoever connects, then echoes.</summary>
    public static LoopbackBackend Named(byte name, IPAddress? address = null) => new LoopbackBackend(
        address,
        async connection =>
        {
            await connection.SendAsync(new[] { name });
            await EchoAsync(connection);
        }).Listen();

    /// <summary>Does with each connection what <paramref name="serve"/> says.</summary>
    public static LoopbackBackend Serving(Func<TestConnection, Task> serve, IPAddress? address = null, IPEndPoint? at = null) =>
        new LoopbackBackend(address, serve, at: at).Listen();

    /// <summary>Reads everything, answers nothing, and finishes when the peer has.</summary>
    public static LoopbackBackend Sink(Payload? expected = null)
    {
        LoopbackBackend? self = null;
        self = new LoopbackBackend(null, async connection =>
        {
            var (bytes, _) = await connection.ReceiveToEndAsync(expected);
            Interlocked.Add(ref self!._received, bytes);
        });
        return self.Listen();
    }

    /// <summary>Sends <paramref name="bytes"/> of <paramref name="payload"/>, then FIN, and waits for the peer's.</summary>
    /// <param name="payload">What to send.</param>
    /// <param name="bytes">How much of it.</param>
    /// <param name="sendBuffer">Size of the send buffer, small to notice early that nobody reads.</param>
    public static LoopbackBackend Source(Payload payload, long bytes, int? sendBuffer = null) => new LoopbackBackend(
        null,
        async connection =>
        {
            await connection.SendAsync(payload, bytes);
            connection.FinishSending();
            await connection.ReceiveToEndAsync();
        },
        sendBuffer).Listen();

    /// <summary>Reads until the peer has finished, and only then answers with <paramref name="bytes"/>.</summary>
    public static LoopbackBackend AnswersAfterEnd(Payload payload, long bytes) => new LoopbackBackend(
        null,
        async connection =>
        {
            await connection.ReceiveToEndAsync(payload);
            await connection.SendAsync(payload, bytes);
        }).Listen();

    /// <summary>Accepts and resets at once.</summary>
    public static LoopbackBackend Resets() => new LoopbackBackend(
        null,
        connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        }).Listen();

    /// <summary>Reads <paramref name="bytes"/>, then resets.</summary>
    public static LoopbackBackend ResetsAfter(int bytes) => new LoopbackBackend(
        null,
        async connection =>
        {
            await connection.ReceiveExactlyAsync(bytes);
            connection.Reset();
        }).Listen();

    /// <summary>Accepts, and leaves the rest to the test: see <see cref="AcceptAsync"/>.</summary>
    /// <param name="receiveBuffer">Size of the receive buffer, small for a slow reader.</param>
    public static LoopbackBackend Manual(int? receiveBuffer = null)
    {
        var backend = new LoopbackBackend(null, serve: null);
        if (receiveBuffer is { } bytes)
        {
            backend._listener.ReceiveBufferSize = bytes;
        }

        return backend.Listen();
    }

    /// <summary>A port that refuses: bound, so that nobody else takes it, and not listening.</summary>
    public static LoopbackBackend Refuses() => new(null, serve: null);

    /// <summary>
    /// Answers no SYN at all, as a dead machine would: its accept queue has room for one, which is taken, and the
    /// kernel drops what comes after that.
    /// </summary>
    public static async Task<LoopbackBackend> SilentAsync()
    {
        var backend = new LoopbackBackend(null, serve: null);
        backend._listener.Listen(0);
        backend._fillers.Add(await TestConnection.ConnectAsync(backend.EndPoint));
        return backend;
    }

    /// <summary>Begins to listen where <see cref="Refuses"/> did not.</summary>
    public void StartEcho()
    {
        _listener.Listen(1024);
        _accepting = AcceptAllAsync(EchoAsync);
    }

    /// <summary>The next connection; for <see cref="Manual"/>.</summary>
    public async Task<TestConnection> AcceptAsync(CancellationToken cancellation = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Eventually.Deadline);
        return await _accepted.Reader.ReadAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        _fillers.ForEach(filler => filler.Dispose());
        await _accepting;
        while (_accepted.Reader.TryRead(out var connection))
        {
            connection.Dispose();
        }

        foreach (var (connection, _) in _open)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_open.Values);
        _closing.Dispose();
    }

    private static async Task EchoAsync(TestConnection connection)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await connection.Socket.ReceiveAsync(buffer) is var count and > 0)
            {
                await connection.SendAsync(buffer.AsMemory(0, count));
            }

            connection.FinishSending();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private LoopbackBackend Listen()
    {
        _listener.Listen(1024);
        _accepting = AcceptAllAsync(_serve);
        return this;
    }

    private async Task AcceptAllAsync(Func<TestConnection, Task>? serve)
    {
        while (!_closing.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_closing.Token);
                socket.NoDelay = true;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                continue;
            }

            Interlocked.Increment(ref _acceptedCount);
            var connection = new TestConnection(socket);
            if (serve is null)
            {
                _accepted.Writer.TryWrite(connection);
            }
            else
            {
                _open[connection] = ServeAsync(connection, serve);
                if (connection.Socket.SafeHandle.IsClosed)
                {
                    _open.TryRemove(connection, out _);
                }
            }
        }
    }

    private async Task ServeAsync(TestConnection connection, Func<TestConnection, Task> serve)
    {
        try
        {
            await serve(connection);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Peers that vanish are part of the tests; what they should have seen is asserted on their side.
        }

        connection.Dispose();
        _open.TryRemove(connection, out _);
    }
}
