namespace L4Lb.Engine.FunctionalTests;

/// <summary>A backend that comes back gets a growing share.</summary>
public sealed class SlowStartGrows : FunctionalTest
{
    private readonly HealthRecorder _health = new();

    [Fact]
    public async Task Its_share_begins_small_and_ends_whole()
    {
        HttpBackend[] scripts = [new(1), new(2)];
        LoopbackBackend[] backends = [.. scripts.Select(script => Own(script.Start()))];
        var service = Specs.Service(backends) with
        {
            Scheduler = new SchedulerSpec("wrr"),
            Health = new HealthSpec
            {
                Probe = new ProbeSpec { Kind = ProbeKind.Http, Path = "/healthz", Interval = TimeSpan.FromMilliseconds(100), Rise = 1, Fall = 1 },
                SlowStart = new SlowStartSpec { Window = TimeSpan.FromSeconds(6), MinimumPercent = 5 },
            },
        };
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        double Weight() => balancer.GetServices()[0].Backends[1].EffectiveWeight;
        Assert.Equal(1, Weight());

        scripts[1].HealthStatus = 500;
        await _health.WaitAsync(backends[1], HealthState.Down);
        await Eventually.EqualsAsync(0.0, Weight, "the weight of who is down");
        scripts[1].HealthStatus = 200;
        await _health.WaitAsync(backends[1], HealthState.Up, DateTime.UtcNow);
        await Eventually.HoldsAsync(() => Weight() > 0, () => "it does not return");

        // 40 sessions take a fraction of the window; what its weight is meanwhile bounds its share.
        var (least, early, most) = (Weight(), await ShareAsync(service, 40), Weight());
        Assert.InRange(early, (least / (1 + least)) - 0.05, (most / (1 + most)) + 0.05);
        Assert.InRange(least, 0.05, 0.9);

        await Eventually.EqualsAsync(1.0, Weight, "the weight at the end");
        Assert.Equal(0.5, await ShareAsync(service, 40));
    }

    private static async Task<double> ShareAsync(ServiceSpec service, int sessions)
    {
        var second = 0;
        for (var i = 0; i < sessions; i++)
        {
            second += await HttpBackend.AskAsync(service.Address) == 2 ? 1 : 0;
        }

        return (double)second / sessions;
    }
}
