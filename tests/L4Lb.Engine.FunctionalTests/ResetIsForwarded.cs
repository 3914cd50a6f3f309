namespace L4Lb.Engine.FunctionalTests;

/// <summary>A reset of one side is a reset for the other, whatever had finished or stalled before.</summary>
public sealed class ResetIsForwarded : FunctionalTest
{
    [Fact]
    public async Task From_the_client()
    {
        var (client, server) = await PairAsync();

        client.Reset();

        Assert.Equal((0, StreamEnd.Reset), await server.ReceiveToEndAsync());
        Assert.Equal(CloseReason.ClientReset, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task From_the_backend()
    {
        var (client, server) = await PairAsync();

        server.Reset();

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.BackendReset, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task From_the_client_after_it_had_finished()
    {
        var (client, server) = await PairAsync();
        client.FinishSending();
        Assert.Equal((0, StreamEnd.Fin), await server.ReceiveToEndAsync());

        client.Reset();

        await ResetArrivesAtAsync(server);
        Assert.Equal(CloseReason.ClientReset, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task From_the_backend_after_it_had_finished()
    {
        var (client, server) = await PairAsync();
        server.FinishSending();
        Assert.Equal((0, StreamEnd.Fin), await client.ReceiveToEndAsync());

        server.Reset();

        await ResetArrivesAtAsync(client);
        Assert.Equal(CloseReason.BackendReset, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task From_the_client_after_the_backend_had_finished()
    {
        var (client, server) = await PairAsync();
        server.FinishSending();
        Assert.Equal((0, StreamEnd.Fin), await client.ReceiveToEndAsync());

        client.Reset();

        Assert.Equal((0, StreamEnd.Reset), await server.ReceiveToEndAsync());
        Assert.Equal(CloseReason.ClientReset, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task From_the_backend_after_the_client_had_finished()
    {
        var (client, server) = await PairAsync();
        client.FinishSending();
        Assert.Equal((0, StreamEnd.Fin), await server.ReceiveToEndAsync());

        server.Reset();

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.BackendReset, (await Log.SingleAsync()).Reason);
    }

    /// <summary>What came before the reset is handed over; a server that answers and closes in anger is common.</summary>
    [Fact]
    public async Task Behind_what_was_sent_before_it()
    {
        var payload = new Payload(seed: 2);
        var (client, server) = await PairAsync();

        await server.SendAsync(payload, 10_000);
        server.Reset();

        Assert.Equal((10_000, StreamEnd.Reset), await client.ReceiveToEndAsync(payload));
        Assert.Equal(CloseReason.BackendReset, (await Log.SingleAsync()).Reason);
    }

    /// <summary>Nobody reads from a client whose backend is stalled, so no read can find out.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_a_client_whose_backend_reads_nothing(bool splice)
    {
        var payload = new Payload(seed: 3);
        var backend = Own(LoopbackBackend.Manual(receiveBuffer: 4096));
        var service = Specs.Service(backend);
        var balancer = await StartAsync(new LoadBalancerOptions { Splice = splice }, service);
        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());
        await Stall.FillAsync(client, payload, balancer);

        client.Reset();

        Assert.Equal(CloseReason.ClientReset, (await Log.SingleAsync()).Reason);
        Assert.Equal(StreamEnd.Reset, (await server.ReceiveToEndAsync(payload)).End);
    }

    [Fact]
    public async Task From_a_backend_whose_client_reads_nothing()
    {
        var payload = new Payload(seed: 4);
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service, receiveBuffer: 4096);
        var server = Own(await backend.AcceptAsync());
        await Stall.FillAsync(server, payload, balancer);

        server.Reset();

        Assert.Equal(CloseReason.BackendReset, (await Log.SingleAsync()).Reason);
        Assert.Equal(StreamEnd.Reset, (await client.ReceiveToEndAsync(payload)).End);
    }

    private async Task<(TestConnection Client, TestConnection Server)> PairAsync()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());

        // The kernel has accepted, which the balancer may have yet to hear of.
        await Eventually.EqualsAsync(1L, () => balancer.GetTotals().ConnectTimes.Count, "connections to backends");
        return (client, server);
    }

    /// <summary>A reset after FIN shows in writing only: reading had ended.</summary>
    private static async Task ResetArrivesAtAsync(TestConnection connection) =>
        await Eventually.HoldsAsync(
            () =>
            {
                try
                {
                    connection.Socket.Send([0]);
                    return false;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return true;
                }
            },
            () => "the side that had received FIN can still write");
}
