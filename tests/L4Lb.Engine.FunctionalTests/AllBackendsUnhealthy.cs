namespace L4Lb.Engine.FunctionalTests;

/// <summary>When every backend is down, all are used or none, as was asked.</summary>
public sealed class AllBackendsUnhealthy : FunctionalTest
{
    private readonly HealthRecorder _health = new();

    [Fact]
    public async Task Panic_uses_all()
    {
        var (service, backends, sick) = Make(WhenAllDown.Panic);
        await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        foreach (var backend in sick)
        {
            backend.HealthStatus = 500;
        }

        await _health.WaitAsync(backends[0], HealthState.Down);
        await _health.WaitAsync(backends[1], HealthState.Down);

        for (var i = 0; i < 4; i++)
        {
            Assert.InRange(await HttpBackend.AskAsync(service.Address), 1, 2);
        }
    }

    [Fact]
    public async Task Refuse_closes_the_listener_until_one_is_back()
    {
        var (service, backends, sick) = Make(WhenAllDown.Refuse);
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        await _health.WaitAsync(backends[0], HealthState.Up);
        await _health.WaitAsync(backends[1], HealthState.Up);
        foreach (var backend in sick)
        {
            backend.HealthStatus = 500;
        }

        await Eventually.EqualsAsync(ListenerState.NoBackend, () => balancer.GetListeners()[0].State, "the listener's state");
        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
        Assert.All(balancer.GetServices()[0].Backends, backend => Assert.Equal(HealthState.Down, backend.Health.State));

        sick[1].HealthStatus = 200;
        await Eventually.EqualsAsync(ListenerState.Listening, () => balancer.GetListeners()[0].State, "the listener's state");
        Assert.Equal(2, await HttpBackend.AskAsync(service.Address));
        Assert.Equal(2, await HttpBackend.AskAsync(service.Address));
    }

    private (ServiceSpec Service, LoopbackBackend[] Backends, HttpBackend[] Scripts) Make(WhenAllDown policy)
    {
        HttpBackend[] scripts = [new(1), new(2)];
        LoopbackBackend[] backends = [.. scripts.Select(script => Own(script.Start()))];
        var probe = new ProbeSpec { Kind = ProbeKind.Http, Path = "/healthz", Interval = TimeSpan.FromMilliseconds(100), Rise = 1, Fall = 2 };
        return (Specs.Service(backends) with { Health = new HealthSpec { Probe = probe, WhenAllDown = policy } }, backends, scripts);
    }
}
