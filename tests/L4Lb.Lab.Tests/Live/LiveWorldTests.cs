using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;
using L4Lb.Lab.Live;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;
using L4Lb.Lab.Workload;
using L4Lb.Testing;

namespace L4Lb.Lab.Tests.Live;

[Collection(LiveCollection.Name)]
public class LiveWorldTests
{
    [Fact]
    public async Task Nothing_is_left_of_a_run()
    {
        // Faults leave more behind than anything else: plugs, half connections, conversations that nobody ends.
        var scenario = Live.Sockets.Small(3, 1, "rr") with
        {
            Faults =
            [
                new CrashFault(0.1, "web", CrashWay.Hangs) { Count = 1, For = 0.3 },
                new CrashFault(0.3, "web", CrashWay.Refuses) { First = 1, Count = 1, For = 0.3 },
            ],
            Patience = TimeSpan.FromSeconds(0.2),
        };
        await RunAsync(scenario);
        await Eventually.EqualsAsync(0, LabThreads, "threads after the first run"); // The result is there before its thread is gone.
        var descriptors = Descriptors();
        await RunAsync(scenario);

        await Eventually.HoldsAsync("descriptors are given back", () => Descriptors() <= descriptors);
        await Eventually.EqualsAsync(0, LabThreads, "threads after the second run");
    }

    [Fact]
    public async Task A_backend_answers_refuses_and_keeps_silent_as_it_is_told()
    {
        using var backend = new LiveBackend(new Server(0, new BackendGroup("web", 1, new DeterministicTime(1)), 0), 0, isUdp: false);
        var address = backend.Address.ToIPEndPoint();
        await ConnectAsync(address);

        backend.Turn(Door.Closed);
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(address))).SocketErrorCode);
        backend.Turn(Door.Open);
        await ConnectAsync(address);

        while (SocketIo.Accept(backend.Descriptor, out _) is { Succeeded: true } accepted)
        {
            SocketIo.Close(accepted.Value);
        }

        backend.Turn(Door.Mute);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var connecting = socket.ConnectAsync(address, patience.Token).AsTask();
        await Task.WhenAny(connecting, Task.Delay(300, TestContext.Current.CancellationToken));
        Assert.False(connecting.IsCompleted);

        // The kernel asks again after a second, and is answered.
        backend.Turn(Door.Open);
        await connecting;
    }

    [Fact]
    public void The_poller_waits_less_than_a_millisecond_when_asked_to()
    {
        using var poller = new PrecisePoller();
        var shortest = Enumerable.Range(0, 50).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            Assert.Equal(0, poller.Wait(300_000));
            return Stopwatch.GetElapsedTime(start);
        });
        Assert.InRange(shortest.TotalMicroseconds, 295, 900);
    }

    [Fact]
    public async Task The_poller_tells_whose_socket_is_ready()
    {
        using var poller = new PrecisePoller();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        poller.Add((int)listener.Server.Handle, EpollEvents.In, 42);
        Assert.Equal(0, poller.Wait(0));

        await ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        Assert.Equal(1, poller.Wait(5_000_000_000));
        Assert.Equal((EpollEvents.In, 42UL), poller.EventAt(0));
        poller.Remove((int)listener.Server.Handle);
        Assert.Equal(0, poller.Wait(0));
    }

    [Fact]
    public void A_message_is_read_as_it_was_written_and_nothing_else_is_one()
    {
        var bytes = new byte[LiveMessage.Length];
        new LiveMessage(7, long.MaxValue).Write(bytes);

        Assert.Equal(new LiveMessage(7, long.MaxValue), LiveMessage.Read(bytes));
        Assert.Null(LiveMessage.Read(bytes.AsSpan(0, LiveMessage.Length - 1)));
        Assert.Null(LiveMessage.Read("GET / HTTP/1.1\r\n"u8));
    }

    private static async Task RunAsync(Scenario scenario)
    {
        var (options, clients) = (new LiveOptions { Shards = 1 }, new ClientPopulation(scenario.Clients));
        var world = new LiveWorld(scenario, options, 1, clients, new LiveErrors());
        var middle = await OwnMiddle.StartAsync(scenario, scenario.Schedulers[0], options, world.Present);
        var run = await Task.Factory.StartNew(
            () => world.Run(middle, static _ => { }), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.Equal(run.Requests, run.Completed + run.Errors);
        world.Dispose();
        Assert.Equal(0, world.SocketsOpen);
        await Eventually.HoldsAsync("all sessions are over", () => middle.Engine.ActiveSessions == 0 && middle.Engine.BuffersRented == 0);
        await middle.DisposeAsync();
    }

    private static async Task ConnectAsync(IPEndPoint address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, TestContext.Current.CancellationToken);
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static int LabThreads() => Directory.GetDirectories("/proc/self/task").Count(static t => NameOf(t).StartsWith("l4lb", StringComparison.Ordinal));

    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/comm");
        }
        catch (IOException)
        {
            return ""; // It ended meanwhile.
        }
    }
}
