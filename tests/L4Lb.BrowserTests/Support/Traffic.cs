using System.Net;
using System.Net.Sockets;
using System.Text;

namespace L4Lb.BrowserTests.Support;

/// <summary>A client that asks a web server again and again, on a connection of its own each time.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private static readonly byte[] s_request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;

    /// <summary>Begins to ask.</summary>
    public Traffic(IPEndPoint to) => _running = AskAsync(to);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task AskAsync(IPEndPoint to)
    {
        var buffer = new byte[4096];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(to, _ending.Token);
                await socket.SendAsync(s_request, _ending.Token);
                await socket.ReceiveAsync(buffer, _ending.Token);
                socket.Shutdown(SocketShutdown.Send);
                await socket.ReceiveAsync(buffer, _ending.Token);
                await Task.Delay(s_pause, _ending.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The instance is down for a while in some tests.
            }
        }
    }
}
