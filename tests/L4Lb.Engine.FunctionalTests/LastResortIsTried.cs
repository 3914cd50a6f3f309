namespace L4Lb.Engine.FunctionalTests;

/// <summary>A session that everybody fails who is well tries those that health left out: better than nobody.</summary>
public sealed class LastResortIsTried : FunctionalTest
{
    private readonly HealthRecorder _health = new();

    [Fact]
    public async Task One_that_was_ejected_and_is_back_serves_when_the_others_refuse()
    {
        var (service, ejected, other) = await StartAsync(static s => s);
        await other.DisposeAsync();

        using var client = await TestConnection.ConnectAsync(service.Address);

        Assert.Equal([7, 8], await client.ExchangeAsync(new byte[] { 7, 8 }));
        client.Reset();
        var record = (await Log.WaitAsync(2))[^1];
        Assert.Equal((ejected.EndPoint, 2), (record.Backend!.Value.ToIPEndPoint(), record.Attempts));
    }

    [Fact]
    public async Task Nobody_does_where_that_is_not_wanted()
    {
        var (service, ejected, other) = await StartAsync(static s => s with { Health = s.Health with { WhenAllDown = WhenAllDown.Refuse } });
        await other.DisposeAsync();

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));

        Assert.Equal((1, 0), ((await Log.WaitAsync(2))[^1].Attempts, ejected.Accepted));
    }

    [Fact]
    public async Task It_counts_among_the_attempts()
    {
        var (service, ejected, other) = await StartAsync(static s => s.WithTimeouts(static t => t with { ConnectAttempts = 1 }));
        await other.DisposeAsync();

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));

        Assert.Equal((1, 0), ((await Log.WaitAsync(2))[^1].Attempts, ejected.Accepted));
    }

    [Fact]
    public async Task One_that_was_drained_on_purpose_is_no_last_resort()
    {
        var (drained, other) = (Own(LoopbackBackend.Echo()), LoopbackBackend.Echo());
        var service = Specs.Service(drained, other);
        var balancer = await StartAsync(service);
        await balancer.SetDrainAsync(service.Key, drained.EndPoint, isDrained: true);
        await other.DisposeAsync();

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));

        Assert.Equal((1, 0), ((await Log.SingleAsync()).Attempts, drained.Accepted));
    }

    /// <summary>With a backend that was ejected and listens again, and one that serves.</summary>
    private async Task<(ServiceSpec Service, LoopbackBackend Ejected, LoopbackBackend Other)> StartAsync(Func<ServiceSpec, ServiceSpec> change)
    {
        var (ejected, other) = (Own(LoopbackBackend.Refuses()), LoopbackBackend.Source(new Payload(seed: 7), bytes: 5));
        var service = change(Specs.Service(ejected, other) with
        {
            Scheduler = new SchedulerSpec("first"),
            Health = new HealthSpec { Outlier = new OutlierSpec { ConsecutiveFailures = 1, BaseEjection = TimeSpan.FromMinutes(1) } },
        });
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        await TestConnection.AskAsync(service.Address);
        await _health.WaitAsync(ejected, HealthState.Ejected);

        // It is told before it is in force, and many that fail at once are compiled in one go.
        await Eventually.EqualsAsync(0.0, () => balancer.GetServices()[0].Backends[0].EffectiveWeight, "the ejected one's weight");
        await Log.WaitAsync(1);
        ejected.StartEcho();
        return (service, ejected, other);
    }
}
