namespace L4Lb.Engine.FunctionalTests;

/// <summary>A UDP backend that cannot be reached: what it did not answer goes to another one, and the client notices nothing.</summary>
public sealed class DatagramsOfADeadBackend : FunctionalTest
{
    [Fact]
    public async Task The_first_unanswered_datagram_goes_to_the_next()
    {
        var alive = Own(DatagramBackend.Named(5));
        var service = WithNobody(alive);
        var balancer = await StartAsync(service);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([5, 1], await Ask(service).AskAsync(1));
        }

        var totals = balancer.GetTotals();
        Assert.Equal(totals.ConnectFailures, totals.DatagramsResent);
        Assert.InRange(totals.DatagramsResent, 1, 20);
        Assert.Equal(20, alive.Received.Count);
    }

    [Fact]
    public async Task A_flow_whose_backend_dies_goes_on_with_another_one()
    {
        var first = DatagramBackend.Named(1);
        var service = Specs.Datagrams(first, Own(DatagramBackend.Named(2))) with { Scheduler = new SchedulerSpec("first") };
        var balancer = await StartAsync(service);
        var client = Ask(service);
        Assert.Equal([1, 7], await client.AskAsync(7));

        await first.DisposeAsync();

        Assert.Equal([2, 8], await client.AskAsync(8));
        Assert.Equal([2, 9], await client.AskAsync(9));
        Assert.Equal(1, balancer.GetTotals().Active);
        Assert.Equal([0, 1], balancer.GetServices()[0].Backends.Select(b => b.Active));
        await balancer.DrainAsync(TimeSpan.FromSeconds(5));
        var record = await Log.SingleAsync();
        Assert.Equal((2, 3L, 3L), (record.Attempts, record.Requests, record.Responses));
    }

    [Fact]
    public async Task Each_backend_is_tried_once_and_then_the_flow_is_over()
    {
        var service = Specs.Datagrams(Own(DatagramBackend.Refuses()), Own(DatagramBackend.Refuses()), Own(DatagramBackend.Refuses()));
        var balancer = await StartAsync(service);

        Ask(service).Send([1]);

        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.ConnectRefused, 3, 0L), (record.Reason, record.Attempts, record.Responses));
        Assert.Equal(0, balancer.GetTotals().Active);
    }

    [Fact]
    public async Task Without_resending_the_next_datagram_finds_its_way()
    {
        var alive = Own(DatagramBackend.Named(5));
        var service = WithNobody(alive).WithDatagrams(new DatagramSpec { Resend = false });
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        var client = Ask(service);

        // Round robin: one of the first two goes to nobody.
        var answered = 0;
        for (var i = 0; i < 2; i++)
        {
            var before = balancer.GetTotals().ConnectFailures;
            client = Ask(service);
            client.Send([1]);
            await Eventually.HoldsAsync(
                () => alive.Received.Count > answered || balancer.GetTotals().ConnectFailures > before, () => "neither answered nor failed");
            answered = alive.Received.Count;
        }

        Assert.Equal((1, 1L, 0L), (alive.Received.Count, balancer.GetTotals().ConnectFailures, balancer.GetTotals().DatagramsResent));
    }

    [Fact]
    public async Task One_that_keeps_failing_is_left_alone()
    {
        var alive = Own(DatagramBackend.Named(5));
        var service = WithNobody(alive) with { Health = HealthSpec.None with { Outlier = OutlierSpec.Default } };
        var balancer = await StartAsync(service);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([5, 1], await Ask(service).AskAsync(1));
        }

        await Eventually.EqualsAsync(
            HealthState.Ejected, () => balancer.GetServices()[0].Backends[0].Health.State, "the state of the dead backend");
        await Eventually.EqualsAsync(0.0, () => balancer.GetServices()[0].Backends[0].EffectiveWeight, "its weight");
        var failures = balancer.GetTotals().ConnectFailures;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([5, 1], await Ask(service).AskAsync(1));
        }

        Assert.Equal(failures, balancer.GetTotals().ConnectFailures);
    }

    [Fact]
    public async Task Affinity_moves_to_the_one_that_answered()
    {
        var alive = Own(DatagramBackend.Named(5));
        var service = WithNobody(alive) with { Affinity = new AffinitySpec { Timeout = TimeSpan.FromMinutes(1) } };
        var balancer = await StartAsync(service);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal([5, 1], await Ask(service).AskAsync(1));
        }

        Assert.InRange(balancer.GetTotals().ConnectFailures, 0, 1);
        Assert.Equal(1, balancer.GetServices()[0].AffinityEntries);
    }

    private ServiceSpec WithNobody(DatagramBackend alive) => Specs.Datagrams(Own(DatagramBackend.Refuses()), alive);
}
