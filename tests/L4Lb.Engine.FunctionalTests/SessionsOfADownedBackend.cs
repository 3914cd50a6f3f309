using System.Diagnostics;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Open sessions of a backend that goes down are kept or reset, as was asked.</summary>
public sealed class SessionsOfADownedBackend : FunctionalTest
{
    private const int Clients = 10;

    private readonly HealthRecorder _health = new();

    [Fact]
    public async Task Reset_ends_them_within_a_moment_and_no_others()
    {
        var (service, backend, checks, clients, balancer) = await MakeAsync(WhenDown.Reset);

        checks.HealthStatus = 500;
        await _health.WaitAsync(backend, HealthState.Down);
        var started = Stopwatch.GetTimestamp();
        foreach (var client in clients)
        {
            Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        }

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.All(await Log.WaitAsync(Clients), record => Assert.Equal(CloseReason.BackendDown, record.Reason));
        Assert.Equal(Clients, balancer.GetTotals().Closed[CloseReason.BackendDown]);

        // It is the only one, so panic still uses it, and those sessions stay.
        var late = await ConnectAsync(service);
        Assert.Equal([1], await late.ExchangeAsync(new byte[] { 1 }));
    }

    [Fact]
    public async Task Keep_leaves_them()
    {
        var (_, backend, checks, clients, _) = await MakeAsync(WhenDown.Keep);

        checks.HealthStatus = 500;
        await _health.WaitAsync(backend, HealthState.Down);
        checks.HealthStatus = 200;
        await _health.WaitAsync(backend, HealthState.Up, DateTime.UtcNow);

        foreach (var client in clients)
        {
            Assert.Equal([5, 6], await client.ExchangeAsync(new byte[] { 5, 6 }));
        }
    }

    /// <summary>An echo backend whose checks are answered on another port, with clients on it.</summary>
    private async Task<(ServiceSpec, LoopbackBackend, HttpBackend, TestConnection[], LoadBalancer)> MakeAsync(WhenDown policy)
    {
        var checks = new HttpBackend(1);
        var (backend, checker) = (Own(LoopbackBackend.Echo()), Own(checks.Start()));
        var probe = new ProbeSpec
        {
            Kind = ProbeKind.Http,
            Path = "/healthz",
            Port = checker.EndPoint.Port,
            Interval = TimeSpan.FromMilliseconds(100),
            Rise = 1,
            Fall = 1,
        };
        var service = Specs.Service(backend) with { Health = new HealthSpec { Probe = probe, WhenDown = policy } };
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        await _health.WaitAsync(backend, HealthState.Up);
        var clients = new TestConnection[Clients];
        for (var i = 0; i < Clients; i++)
        {
            clients[i] = await ConnectAsync(service);
            Assert.Equal([1, 2], await clients[i].ExchangeAsync(new byte[] { 1, 2 }));
        }

        return (service, backend, checks, clients, balancer);
    }
}
