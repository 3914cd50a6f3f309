namespace L4Lb.Engine.FunctionalTests;

/// <summary>Once one side has finished the other has that long between bytes, counted from the FIN.</summary>
public sealed class HalfCloseTimeoutEndsHalfASession : FunctionalTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_reset_and_its_own_reason(bool clientFinishes)
    {
        var (client, server) = await PairAsync(TimeSpan.FromMilliseconds(300));
        var (first, second) = clientFinishes ? (client, server) : (server, client);

        first.FinishSending();

        Assert.Equal((0, StreamEnd.Reset), await first.ReceiveToEndAsync());
        Assert.Equal(StreamEnd.Fin, (await second.ReceiveToEndAsync()).End);
        Assert.Equal(CloseReason.HalfCloseTimeout, (await Log.SingleAsync()).Reason);
    }

    /// <summary>A client may think for longer than that before it finishes, and still gets its answer.</summary>
    [Fact]
    public async Task Silence_before_the_fin_does_not_count()
    {
        var (client, server) = await PairAsync(TimeSpan.FromSeconds(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(3000));
        await timer.WaitForNextTickAsync();

        client.FinishSending();
        Assert.Equal((0, StreamEnd.Fin), await server.ReceiveToEndAsync());

        // The silence is now four and a half seconds long, but only one and a half of them half-closed.
        timer.Period = TimeSpan.FromMilliseconds(1500);
        await timer.WaitForNextTickAsync();
        await server.SendAsync(new byte[] { 1 });
        Assert.Equal([1], await client.ReceiveExactlyAsync(1));
        server.FinishSending();
        Assert.Equal(CloseReason.Completed, (await Log.SingleAsync()).Reason);
    }

    private async Task<(TestConnection Client, TestConnection Server)> PairAsync(TimeSpan halfClose)
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend).WithTimeouts(timeouts => timeouts with { HalfClose = halfClose });
        await StartAsync(service);
        var client = await ConnectAsync(service);
        return (client, Own(await backend.AcceptAsync()));
    }
}
