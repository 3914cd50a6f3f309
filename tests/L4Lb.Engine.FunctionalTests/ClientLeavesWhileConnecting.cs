namespace L4Lb.Engine.FunctionalTests;

/// <summary>A client that leaves while its backend does not answer ends the session at once, not at the connect's timeout.</summary>
public sealed class ClientLeavesWhileConnecting : FunctionalTest
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task By_reset_or_by_an_end_without_a_word_at_the_first_try_or_a_later_one(bool reset, bool isRetry)
    {
        var silent = Own(await LoopbackBackend.SilentAsync());
        LoopbackBackend[] backends = isRetry ? [Own(LoopbackBackend.Refuses()), silent] : [silent];
        var service = Specs.Service(backends)
            .WithTimeouts(timeouts => timeouts with { ConnectTimeouts = [TimeSpan.FromMinutes(1)], ConnectBudget = TimeSpan.FromMinutes(1) });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await Eventually.EqualsAsync((long)backends.Length, () => balancer.GetTotals().ConnectAttempts, "the number of attempts");

        if (reset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.ClientGone, backends.Length), (record.Reason, record.Attempts));
        Assert.True(record.TotalTime < TimeSpan.FromSeconds(20), $"{record.TotalTime}");

        // The backend is not to blame.
        Assert.Equal(0, balancer.GetServices()[0].Backends[^1].ConnectFailures);
    }

    [Fact]
    public async Task But_not_by_an_end_after_a_request()
    {
        var silent = Own(await LoopbackBackend.SilentAsync());
        var service = Specs.Service(silent, Own(LoopbackBackend.Echo()))
            .WithTimeouts(timeouts => timeouts with { ConnectTimeouts = [TimeSpan.FromMilliseconds(400)], ConnectBudget = TimeSpan.FromMinutes(1) });
        await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.SendAsync(new byte[] { 1, 2, 3 });
        client.FinishSending();

        Assert.Equal((3, StreamEnd.Fin), await client.ReceiveToEndAsync());
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.Completed, 2), (record.Reason, record.Attempts));
    }
}
