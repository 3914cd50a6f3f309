namespace L4Lb.Engine.FunctionalTests;

/// <summary>A drain lets nobody new in, serves whoever is in, and ends when they have or when the time is up.</summary>
public sealed class DrainFinishesSessions : FunctionalTest
{
    [Fact]
    public async Task A_running_transfer_is_finished()
    {
        const int Bytes = 20_000_000;
        var payload = new Payload(seed: 10);
        var service = Specs.Service(Own(LoopbackBackend.Source(payload, Bytes)));
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        client.FinishSending();
        await Eventually.HoldsAsync(() => balancer.GetTotals().BytesFromBackends > 0, () => "no transfer begins");

        var draining = balancer.DrainAsync(Eventually.Deadline);
        await Eventually.HoldsAsync(() => balancer.GetListeners().Count == 0, () => "the listeners stay");
        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
        Assert.False(draining.IsCompleted);

        Assert.Equal((Bytes, StreamEnd.Fin), await client.ReceiveToEndAsync(payload));
        Assert.Equal(0, await draining);
        Assert.Equal(CloseReason.Completed, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task What_is_open_when_the_time_is_up_is_reset()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo()));
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.ExchangeAsync(new byte[] { 1 });

        Assert.Equal(1, await balancer.DrainAsync(TimeSpan.FromMilliseconds(100)));

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
        var result = await balancer.ApplyAsync(new DesiredState());
        Assert.False(result.Accepted);
    }

    [Fact]
    public async Task A_session_that_is_still_connecting_is_reset_and_its_backend_not_blamed()
    {
        var service = Specs.Service(Own(await LoopbackBackend.SilentAsync()))
            .WithTimeouts(timeouts => timeouts with { ConnectTimeouts = [TimeSpan.FromMinutes(1)], ConnectBudget = TimeSpan.FromMinutes(1) });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await Eventually.EqualsAsync(1L, () => balancer.GetTotals().ConnectAttempts, "the number of connects");

        Assert.Equal(1, await balancer.DrainAsync(TimeSpan.Zero));

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
        Assert.Equal(0, balancer.GetTotals().ConnectFailures);
    }

    /// <summary>The kernel has told them that they are connected; to reset them now would be a lie.</summary>
    [Fact]
    public async Task Whoever_waits_in_the_accept_queue_is_served()
    {
        const int Clients = 20;
        var service = Specs.Service(Own(LoopbackBackend.Named(1)));
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);

        // The shard is held up, so that all of them are in the queue by the time that the listener is closed.
        using var goOn = new ManualResetEventSlim();
        var heldUp = balancer.Shards[0].RunAsync(goOn.Wait);
        var clients = new List<TestConnection>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await ConnectAsync(service));
        }

        var draining = balancer.DrainAsync(Eventually.Deadline);
        goOn.Set();
        await heldUp;
        foreach (var client in clients)
        {
            Assert.Equal([1], await client.ReceiveExactlyAsync(1));
            client.Dispose();
        }

        Assert.Equal(0, await draining);
        await Log.WaitAsync(Clients);
    }
}
