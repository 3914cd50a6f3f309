namespace L4Lb.Engine.FunctionalTests;

/// <summary>What an edit does not mention stays as it is: sessions, counters, the round, affinity.</summary>
public sealed class UnrelatedReloadTouchesNothing : FunctionalTest
{
    [Fact]
    public async Task Whatever_is_added_changed_and_removed_around_it()
    {
        LoopbackBackend[] named = [Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))];
        var echo = Own(LoopbackBackend.Echo());
        var round = Specs.Service("round", Loopback.FreeEndPoint(), named);
        var sticky = Specs.Service("sticky", Loopback.FreeEndPoint(), named) with { Affinity = new AffinitySpec() };
        var balancer = await StartAsync(round, sticky);
        var stuckTo = await FirstByteAsync(sticky);
        var client = await ConnectAsync(round);
        Assert.Equal([0], await client.ReceiveExactlyAsync(1));

        var expected = 1;
        for (var i = 0; i < 10; i++)
        {
            var other = Specs.Service("other", Loopback.FreeEndPoint(), echo);
            await ApplyAsync(balancer, i % 2 == 0 ? [round, sticky, other] : [sticky with { }, round with { }]);

            Assert.Equal(expected++ % 3, await FirstByteAsync(round));
            Assert.Equal(stuckTo, await FirstByteAsync(sticky));
            Assert.Equal([9], await client.ExchangeAsync(new byte[] { 9 }));
        }

        var services = balancer.GetServices();
        var status = services.Single(service => service.Spec.Key.Name == "round");
        Assert.Equal((11L, 1), (status.Total, status.Backends[0].Active));
        Assert.Equal([4, 4, 3], status.Backends.Select(backend => backend.Total));
        Assert.Equal(1, services.Single(service => service.Spec.Key.Name == "sticky").AffinityEntries);
    }

    [Fact]
    public async Task A_change_of_its_own_keeps_the_round_and_the_counters()
    {
        LoopbackBackend[] named = [Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1))];
        var service = Specs.Service(named);
        var balancer = await StartAsync(service);
        Assert.Equal(0, await FirstByteAsync(service));

        await ApplyAsync(balancer, service.WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromMinutes(1) }));

        Assert.Equal(1, await FirstByteAsync(service));
        Assert.Equal(0, await FirstByteAsync(service));
        Assert.Equal(3, balancer.GetServices()[0].Total);
    }

    [Fact]
    public async Task A_state_with_errors_changes_nothing()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo()));
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);

        var result = await balancer.ApplyAsync(new DesiredState
        {
            Revision = 7,
            Services = [service with { Scheduler = new SchedulerSpec("nonsense") }, service],
        });

        Assert.False(result.Accepted);
        Assert.Equal(2, result.Errors.Count);
        Assert.Equal([1], await client.ExchangeAsync(new byte[] { 1 }));
        Assert.Equal(0, balancer.Desired.Revision);
        Assert.Equal(ListenerState.Listening, Assert.Single(balancer.GetListeners()).State);
    }

    private static async Task<int> FirstByteAsync(ServiceSpec service)
    {
        using var client = await TestConnection.ConnectAsync(service.Address);
        return (await client.ReceiveExactlyAsync(1))[0];
    }
}
