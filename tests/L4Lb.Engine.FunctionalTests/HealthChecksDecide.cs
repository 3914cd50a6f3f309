namespace L4Lb.Engine.FunctionalTests;

/// <summary>Who fails its checks gets no new sessions, until it passes them again.</summary>
public sealed class HealthChecksDecide : FunctionalTest
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    // Checks go out with a tenth of jitter; the rest is for a busy machine.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);

    private readonly HealthRecorder _health = new();

    [Fact]
    public async Task A_backend_that_answers_TCP_but_fails_HTTP_leaves_and_returns()
    {
        var (sick, well) = (new HttpBackend(1), new HttpBackend(2));
        var (first, second) = (Own(sick.Start()), Own(well.Start()));
        var service = Checked(Specs.Service(first, second));
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        await _health.WaitAsync(first, HealthState.Up);
        await _health.WaitAsync(second, HealthState.Up);
        Assert.Equal((byte[])[1, 2], (await AskAsync(service, 4)).Distinct().Order());

        var begin = DateTime.UtcNow;
        sick.HealthStatus = 503;
        var down = await _health.WaitAsync(first, HealthState.Down);
        Assert.InRange(down.AtUtc - begin, s_interval, (3 * s_interval) + s_slack);
        Assert.Equal("L7STS 503, 3 checks failed", down.Reason);
        await Eventually.HoldsAsync(() => balancer.GetServices()[0].Backends[0].EffectiveWeight == 0, () => "its weight stays");
        Assert.All(await AskAsync(service, 10), name => Assert.Equal(2, name));

        begin = DateTime.UtcNow;
        sick.HealthStatus = 204;
        var up = await _health.WaitAsync(first, HealthState.Up, begin);
        Assert.InRange(up.AtUtc - begin, TimeSpan.Zero, (2 * s_interval) + s_slack);
        Assert.Equal("L7OK 204, 2 checks passed", up.Reason);
        await Eventually.HoldsAsync(() => balancer.GetServices()[0].Backends[0].EffectiveWeight == 1, () => "its weight does not return");
        Assert.Equal((byte[])[1, 2], (await AskAsync(service, 4)).Distinct().Order());

        var status = balancer.GetServices()[0].Backends[0].Health;
        Assert.Equal((HealthState.Up, "L7OK 204, 2 checks passed", up.AtUtc), (status.State, status.Reason, status.SinceUtc));
        Assert.InRange(status.ChecksFailed, 3, status.Checks - 2);
        Assert.Equal((CheckCode.L7OK, "204"), (status.LastCheck!.Code, status.LastCheck.Words));
        Assert.InRange(status.LastCheck.Duration, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task An_unrelated_reload_keeps_who_is_down_down()
    {
        var sick = new HttpBackend(1) { HealthStatus = 500 };
        var (first, second) = (Own(sick.Start()), Own(new HttpBackend(2).Start()));
        var service = Checked(Specs.Service(first, second));
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        await _health.WaitAsync(first, HealthState.Down);
        await _health.WaitAsync(second, HealthState.Up);

        for (var i = 1; i <= 5; i++)
        {
            var other = Specs.Service("other", Loopback.FreeEndPoint(), second);
            await ApplyAsync(balancer, service.WithTimeouts(timeouts => timeouts with { ConnectAttempts = i }), other);
            Assert.All(await AskAsync(service, 4), name => Assert.Equal(2, name));
        }

        Assert.Equal(2, _health.Changes.Count);
    }

    [Fact]
    public async Task Checks_end_with_the_backend()
    {
        var (gone, kept) = (new HttpBackend(1), new HttpBackend(2));
        var (first, second) = (Own(gone.Start()), Own(kept.Start()));
        var service = Checked(Specs.Service(first, second));
        var balancer = await StartAsync(service);
        await Eventually.HoldsAsync(() => gone.Checks > 1, () => "it is not checked");

        await ApplyAsync(balancer, service.With(second));
        var mark = kept.Checks;
        await Eventually.HoldsAsync(() => kept.Checks > mark + 1, () => "the other is no longer checked");
        var checks = gone.Checks;
        mark = kept.Checks;
        await Eventually.HoldsAsync(() => kept.Checks > mark + 3, () => "the other is no longer checked");

        Assert.Equal(checks, gone.Checks);
    }

    private static ServiceSpec Checked(ServiceSpec service) => service with
    {
        Health = new HealthSpec { Probe = new ProbeSpec { Kind = ProbeKind.Http, Path = "/healthz", Interval = s_interval } },
    };

    private static async Task<byte[]> AskAsync(ServiceSpec service, int times)
    {
        var names = new byte[times];
        for (var i = 0; i < times; i++)
        {
            names[i] = await HttpBackend.AskAsync(service.Address);
        }

        return names;
    }
}
