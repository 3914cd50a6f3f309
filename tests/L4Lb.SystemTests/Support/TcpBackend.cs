using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A TCP server of the test itself: it does with each connection what the test says.</summary>
internal sealed class TcpBackend : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _serving = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    public TcpBackend(Func<Socket, CancellationToken, Task> serve)
    {
        _serve = serve;
        EndPoint = new IPEndPoint(IPAddress.Parse("127.0.0.11"), Loopback.FreePort());
        _listener.Bind(EndPoint);
        _listener.Listen(4096);
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What went wrong on its side; clients that reset are no failure.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_serving.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                var serving = ServeAsync(socket);
                _serving.TryAdd(serving, 0);
                _ = serving.ContinueWith(done => _serving.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The end, or a client that left before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using (socket)
        {
            try
            {
                await _serve(socket, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The end, or a client that left.
            }
            catch (Exception e)
            {
                _failures.Enqueue(e);
            }
        }
    }
}
