using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>How the program ends.</summary>
public sealed class StopTests : IDisposable
{
    /// <summary>More than all the buffers on the way hold together, so that most of it is still to come.</summary>
    private const long Bytes = 128L << 20;

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(1));
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public async Task SIGTERM_lets_a_transfer_finish_turns_unready_and_refuses_newcomers()
    {
        await using var backend = new TcpBackend(static (socket, stop) => Pattern.SendAsync(socket, Bytes, stop));
        await using var l4lb = await StartAsync(backend, "60s");
        using var client = await ConnectAsync();
        var received = await Pattern.ReceiveAsync(client, _deadline.Token, 1 << 20);
        Assert.Equal(HttpStatusCode.OK, (await l4lb.AskReadyAsync()).Status);

        await l4lb.SignalAsync("TERM");

        await Eventually.HoldsAsync("/readyz is 503", async () => (await l4lb.AskReadyAsync()).Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal("draining", (string?)(await l4lb.AskReadyAsync()).Body["status"]);
        await Eventually.HoldsAsync("newcomers are refused", IsRefusedAsync);
        Assert.False(l4lb.HasExited);

        received += await Pattern.ReceiveAsync(client, _deadline.Token, offset: received);

        Assert.Equal(Bytes, received);
        client.Shutdown(SocketShutdown.Send); // The client's end; until then the connection is its to use.
        Assert.Equal(0, await l4lb.WaitForExitAsync());
    }

    [Fact]
    public async Task The_drain_timeout_ends_a_transfer_that_never_would()
    {
        await using var backend = new TcpBackend(static (socket, stop) => Pattern.SendAsync(socket, long.MaxValue, stop));
        await using var l4lb = await StartAsync(backend, "1s");
        using var client = await ConnectAsync();
        var receiving = Pattern.ReceiveAsync(client, _deadline.Token);
        await Eventually.HoldsAsync("bytes arrive", () => client.Available > 0);

        var clock = Stopwatch.StartNew();
        await l4lb.SignalAsync("TERM");

        Assert.Equal(0, await l4lb.WaitForExitAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => receiving)).SocketErrorCode);
    }

    [Fact]
    public async Task A_second_SIGINT_ends_it_at_once()
    {
        await using var backend = new TcpBackend(static (socket, stop) => Pattern.ReceiveToEndAsync(socket, stop));
        await using var l4lb = await StartAsync(backend, "60s");
        using var client = await ConnectAsync();
        await Eventually.HoldsAsync("the session is open", () => TcpTable.Read(l4lb.Id).Any(s => s.LocalPort == backend.EndPoint.Port));

        await l4lb.SignalAsync("INT");
        await l4lb.WaitForLogAsync("stopping on SIGINT");
        Assert.False(l4lb.HasExited);

        await l4lb.SignalAsync("INT");

        Assert.Equal(128 + 2, await l4lb.WaitForExitAsync(TimeSpan.FromSeconds(5))); // As a shell reports SIGINT.
    }

    private Task<L4LbProcess> StartAsync(TcpBackend backend, string drainTimeout) => L4LbProcess.StartAsync(
        "--listen", $"tcp://{_service}", "--backend", $"{backend.EndPoint}", "--drain-timeout", drainTimeout);

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_service, _deadline.Token);
        return socket;
    }

    private async Task<bool> IsRefusedAsync()
    {
        try
        {
            using var socket = await ConnectAsync();
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
