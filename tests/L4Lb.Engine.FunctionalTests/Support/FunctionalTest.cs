using System.Net;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>
/// A test on real sockets: makes balancers, backends and clients, and asserts at its end, for every one of them, that
/// nothing is left — no descriptor, session, buffer, pipe or count.
/// </summary>
public abstract class FunctionalTest : IAsyncLifetime
{
    private readonly List<LoadBalancer> _balancers = [];
    private readonly List<IAsyncDisposable> _backends = [];
    private readonly List<IDisposable> _connections = [];
    private int _descriptorsBefore;

    internal SessionRecorder Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await WarmUpAsync();
        _descriptorsBefore = OpenDescriptors.Count();
    }

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        foreach (var balancer in _balancers)
        {
            if (balancer.FlowsByShard.Sum() > 0)
            {
                // Nobody says that a flow is over.
                await balancer.DrainAsync(TimeSpan.Zero);
            }

            await AssertNothingIsHeldAsync(balancer);
            await balancer.DisposeAsync();
        }

        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }

        await Eventually.HoldsAsync(
            () => OpenDescriptors.Count() <= _descriptorsBefore,
            () => $"{OpenDescriptors.Count() - _descriptorsBefore} descriptors leaked; open are\n{string.Join('\n', OpenDescriptors.Describe())}");
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Fails when what had to wait for so many milliseconds did not. A loop's clock is as old as its turn, which lasts longer when the
    /// thread is kept from running, and as coarse as the kernel's ticks: a wait may be shorter by that, never by a good part of itself.
    /// </summary>
    internal static void HasWaited(int milliseconds, TimeSpan? actual) =>
        Assert.True(actual >= TimeSpan.FromMilliseconds(milliseconds - 50), $"{actual} instead of {milliseconds} ms");

    /// <summary>Makes a balancer of two shards that serves <paramref name="services"/>.</summary>
    internal Task<LoadBalancer> StartAsync(params ServiceSpec[] services) => StartAsync(new LoadBalancerOptions(), services);

    /// <summary>The same with options; its session log is <see cref="Log"/>.</summary>
    internal async Task<LoadBalancer> StartAsync(LoadBalancerOptions options, params ServiceSpec[] services)
    {
        var shards = options.Shards == Environment.ProcessorCount ? 2 : options.Shards;
        var balancer = new LoadBalancer(options with { Shards = shards, SessionLog = Log });
        _balancers.Add(balancer);
        balancer.Start();
        await ApplyAsync(balancer, services);
        return balancer;
    }

    /// <summary>Puts exactly <paramref name="services"/> in force.</summary>
    internal static async Task ApplyAsync(LoadBalancer balancer, params ServiceSpec[] services)
    {
        var result = await balancer.ApplyAsync(new DesiredState { Services = [.. services] });
        Assert.True(result.Accepted, string.Join('\n', result.Errors));
    }

    /// <summary>Takes care of <paramref name="backend"/>.</summary>
    internal LoopbackBackend Own(LoopbackBackend backend)
    {
        _backends.Add(backend);
        return backend;
    }

    /// <summary>Takes care of <paramref name="backend"/>.</summary>
    internal DatagramBackend Own(DatagramBackend backend)
    {
        _backends.Add(backend);
        return backend;
    }

    /// <summary>A UDP client of the first listen of <paramref name="service"/>.</summary>
    internal DatagramSocket Ask(ServiceSpec service, IPEndPoint? from = null) => Own(new DatagramSocket(service.Listens[0].Address, from));

    /// <summary>Takes care of <paramref name="item"/>.</summary>
    internal T Own<T>(T item)
        where T : IDisposable
    {
        _connections.Add(item);
        return item;
    }

    /// <summary>Connects a client.</summary>
    internal async Task<TestConnection> ConnectAsync(IPEndPoint endPoint, IPAddress? from = null, int? receiveBuffer = null) =>
        Own(await TestConnection.ConnectAsync(endPoint, from, receiveBuffer));

    /// <summary>Connects a client to the first listen of <paramref name="service"/>.</summary>
    internal Task<TestConnection> ConnectAsync(ServiceSpec service, IPAddress? from = null, int? receiveBuffer = null) =>
        ConnectAsync(service.Listens[0].Address, from, receiveBuffer);

    /// <summary>Waits until no session is left and asserts that none left anything behind.</summary>
    internal static async Task AssertNothingIsHeldAsync(LoadBalancer balancer)
    {
        await Eventually.EqualsAsync(0, () => balancer.ActiveSessions, "the number of sessions");
        await Eventually.EqualsAsync(0L, () => balancer.GetTotals().Active, "accepted less closed");
        await Eventually.EqualsAsync(0, () => balancer.BuffersRented, "the number of buffers and pipes");
        foreach (var service in balancer.GetServices())
        {
            Assert.Equal((0, 0, 0), (service.Active, service.Waiting, service.Sources?.Active ?? 0));
            Assert.All(service.Backends, backend => Assert.Equal(0, backend.Active));
        }
    }

    /// <summary>The framework opens descriptors of its own with its first socket; they are not a test's.</summary>
    private static async Task WarmUpAsync()
    {
        await using var backend = LoopbackBackend.Echo();
        using var client = await TestConnection.ConnectAsync(backend.EndPoint);
        await client.ExchangeAsync(new byte[1]);
    }
}
