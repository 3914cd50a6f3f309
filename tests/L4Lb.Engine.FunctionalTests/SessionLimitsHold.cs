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
}
