using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Large and long transfers through the real program, with half-closed connections.</summary>
public sealed class TransferTests : IDisposable
{
    private const long Large = 2L << 30;

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(2));
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public async Task Two_gibibytes_arrive_whole_after_the_client_has_finished_sending()
    {
        const int RequestBytes = 100_000;
        await using var backend = new TcpBackend(async (socket, stop) =>
        {
            Assert.Equal(RequestBytes, await Pattern.ReceiveAsync(socket, stop));
            await Pattern.SendAsync(socket, Large, stop);
        });
        await using var l4lb = await StartAsync(backend);
        using var client = await ConnectAsync();
        var pipes = l4lb.CountPipes();

        var clock = Stopwatch.StartNew();
        await Pattern.SendAsync(client, RequestBytes, _deadline.Token);
        client.Shutdown(SocketShutdown.Send);
        var received = await Pattern.ReceiveAsync(client, _deadline.Token);

        Report(clock);
        Assert.Equal(Large, received);
        Assert.Empty(backend.Failures);
        Assert.True(l4lb.CountPipes() > pipes, "it was copied, not spliced");
    }

    [Fact]
    public async Task Two_gibibytes_arrive_whole_at_the_backend_and_its_answer_comes_after_them()
    {
        const int AnswerBytes = 100_000;
        var arrived = 0L;
        await using var backend = new TcpBackend(async (socket, stop) =>
        {
            arrived = await Pattern.ReceiveAsync(socket, stop);
            await Pattern.SendAsync(socket, AnswerBytes, stop);
        });
        await using var l4lb = await StartAsync(backend);
        using var client = await ConnectAsync();
        var pipes = l4lb.CountPipes();

        var clock = Stopwatch.StartNew();
        await Pattern.SendAsync(client, Large, _deadline.Token);
        client.Shutdown(SocketShutdown.Send);
        var received = await Pattern.ReceiveAsync(client, _deadline.Token);

        Report(clock);
        Assert.Equal((Large, AnswerBytes), (arrived, received));
        Assert.Empty(backend.Failures);
        Assert.True(l4lb.CountPipes() > pipes, "it was copied, not spliced");
    }

    /// <summary>Full at one side only, one direction waits while the other must not.</summary>
    [Fact]
    public async Task Both_directions_carry_bulk_at_once()
    {
        const long Each = Large / 8;
        await using var backend = new TcpBackend(async (socket, stop) =>
        {
            var sending = Pattern.SendAsync(socket, Each, stop);
            Assert.Equal(Each, await Pattern.ReceiveAsync(socket, stop));
            await sending;
        });
        await using var l4lb = await StartAsync(backend);
        using var client = await ConnectAsync();

        var sending = Task.Run(async () =>
        {
            await Pattern.SendAsync(client, Each, _deadline.Token);
            client.Shutdown(SocketShutdown.Send);
        });
        var received = await Pattern.ReceiveAsync(client, _deadline.Token);
        await sending;

        Assert.Equal(Each, received);
        Assert.Empty(backend.Failures);
    }

    /// <summary>Messages never become bulk, so this is the copying path.</summary>
    [Fact]
    public async Task Thousands_of_messages_to_and_fro_arrive_whole()
    {
        const int Messages = 5000;
        const int MessageBytes = 8000;
        await using var backend = new TcpBackend(static async (socket, stop) =>
        {
            socket.NoDelay = true;
            for (var i = 0L; i < Messages; i++)
            {
                Assert.Equal(MessageBytes, await Pattern.ReceiveAsync(socket, stop, MessageBytes, i * MessageBytes));
                await Pattern.SendAsync(socket, MessageBytes, stop, i * MessageBytes);
            }

            Assert.Equal(0, await Pattern.ReceiveAsync(socket, stop));
        });
        await using var l4lb = await StartAsync(backend);
        using var client = await ConnectAsync();
        var pipes = l4lb.CountPipes();

        client.NoDelay = true;
        for (var i = 0L; i < Messages; i++)
        {
            await Pattern.SendAsync(client, MessageBytes, _deadline.Token, i * MessageBytes);
            Assert.Equal(MessageBytes, await Pattern.ReceiveAsync(client, _deadline.Token, MessageBytes, i * MessageBytes));
        }

        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await Pattern.ReceiveAsync(client, _deadline.Token));
        Assert.Empty(backend.Failures);
        Assert.Equal(pipes, l4lb.CountPipes());
    }

    private static void Report(Stopwatch clock) => TestContext.Current.TestOutputHelper!.WriteLine(
        $"2 GiB in {clock.Elapsed.TotalSeconds:0.0} s, {Large / clock.Elapsed.TotalSeconds / (1 << 30):0.0} GiB/s");

    private Task<L4LbProcess> StartAsync(TcpBackend backend) =>
        L4LbProcess.StartAsync("--listen", $"tcp://{_service}", "--backend", $"{backend.EndPoint}");

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_service, _deadline.Token);
        return socket;
    }
}
