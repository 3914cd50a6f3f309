namespace L4Lb.Engine.FunctionalTests;

/// <summary>Limits of a service and of its backends bound what is open at once, and leave nothing behind at the bound.</summary>
public sealed class SessionLimitsHold : FunctionalTest
{
    [Fact]
    public async Task Beyond_the_services_clients_are_reset()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo())) with { Limits = new LimitSpec { MaxSessions = 2 } };
        var balancer = await StartAsync(service);
        var first = await ConnectAsync(service);
        var second = await ConnectAsync(service);
        await first.ExchangeAsync(new byte[] { 1 });
        await second.ExchangeAsync(new byte[] { 1 });

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));
        Assert.Equal(CloseReason.LimitReached, (await Log.SingleAsync()).Reason);

        first.Reset();
        await Eventually.EqualsAsync(1, () => balancer.GetServices()[0].Active, "the number of sessions");
        var third = await ConnectAsync(service);
        await third.ExchangeAsync(new byte[] { 1 });
    }

    [Fact]
    public async Task Beyond_a_backends_the_next_is_taken_and_beyond_all_clients_are_reset()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo())];
        var service = Specs.Service(backends) with { Limits = new LimitSpec { BackendMaxSessions = 2 } };
        var balancer = await StartAsync(service);
        for (var i = 0; i < 4; i++)
        {
            var client = await ConnectAsync(service);
            await client.ExchangeAsync(new byte[] { 1 });
        }

        Assert.All(balancer.GetServices()[0].Backends, backend => Assert.Equal(2, backend.Active));
        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.LimitReached, 0), (record.Reason, record.Attempts));
    }

    [Theory]
    [InlineData("rr")]
    [InlineData("wrr")]
    [InlineData("lc")]
    [InlineData("wlc")]
    public async Task Full_backends_do_not_use_up_the_tries(string scheduler)
    {
        // More backends than a session may try, and only the last of them has room.
        LoopbackBackend[] backends = [.. Enumerable.Range(1, 12).Select(name => Own(LoopbackBackend.Named((byte)name)))];
        var limits = new LimitSpec { BackendMaxSessions = 1 };
        var service = Specs.Service(backends) with { Limits = limits, Scheduler = new SchedulerSpec(scheduler) };
        var balancer = await StartAsync(service);
        for (var i = 0; i < backends.Length; i++)
        {
            var client = await ConnectAsync(service);
            await client.ReceiveExactlyAsync(1);
        }

        Assert.All(balancer.GetServices()[0].Backends, backend => Assert.Equal((1, 0L), (backend.Active, backend.ConnectFailures)));
        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));
        Assert.Equal(CloseReason.LimitReached, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task Beyond_an_upper_mark_a_backend_rests_until_it_is_below_the_lower()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(1))) with { Limits = new LimitSpec { BackendMaxSessions = 3, BackendResumeBelow = 2 } };
        var balancer = await StartAsync(service);
        var clients = new List<TestConnection>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(await ConnectAsync(service));
            await clients[i].ReceiveExactlyAsync(1);
        }

        clients[0].Dispose();
        await Eventually.EqualsAsync(2, () => balancer.GetServices()[0].Active, "the number of sessions");
        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));
        clients[1].Dispose();
        await Eventually.EqualsAsync(1, () => balancer.GetServices()[0].Active, "the number of sessions");
        var client = await ConnectAsync(service);
        Assert.Equal([1], await client.ReceiveExactlyAsync(1));
    }
}
