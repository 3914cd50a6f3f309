namespace L4Lb.Engine.FunctionalTests;

/// <summary>Whoever does not read stops whoever sends: memory is bounded, and nothing is lost.</summary>
public sealed class SlowClientStopsReadingBackend : FunctionalTest
{
    private readonly Payload _payload = new(seed: 5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task And_gets_everything_when_it_reads_on(bool splice)
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(new LoadBalancerOptions { Splice = splice }, service);
        var client = await ConnectAsync(service, receiveBuffer: 4096);
        var server = Own(await backend.AcceptAsync());

        var sent = await Stall.FillAsync(server, _payload, balancer);
        Assert.InRange(balancer.BuffersRented, 1, 2);

        server.FinishSending();
        Assert.Equal((sent, StreamEnd.Fin), await client.ReceiveToEndAsync(_payload));
        client.FinishSending();
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.Completed, sent), (record.Reason, record.BytesFromBackend));
    }

    [Fact]
    public async Task Both_ways_at_once()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service, receiveBuffer: 4096);
        var server = Own(await backend.AcceptAsync());

        var toClient = await Stall.FillAsync(server, _payload, balancer);
        var toServer = await Stall.FillAsync(client, _payload, balancer);
        client.FinishSending();
        server.FinishSending();

        var receiving = server.ReceiveToEndAsync(_payload);
        Assert.Equal((toClient, StreamEnd.Fin), await client.ReceiveToEndAsync(_payload));
        Assert.Equal((toServer, StreamEnd.Fin), await receiving);
        Assert.Equal(CloseReason.Completed, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task A_session_does_not_slow_the_others()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        var slow = await ConnectAsync(service, receiveBuffer: 4096);
        var slowServer = Own(await backend.AcceptAsync());
        await Stall.FillAsync(slowServer, _payload, balancer);

        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());
        await client.SendAsync(new byte[] { 5 });
        Assert.Equal([5], await server.ReceiveExactlyAsync(1));
        await server.SendAsync(new byte[] { 6 });
        Assert.Equal([6], await client.ReceiveExactlyAsync(1));
        slow.Reset();
    }
}
