namespace L4Lb.Engine.FunctionalTests;

/// <summary>However many tries are allowed, the budget bounds their time, and the client learns of it.</summary>
public sealed class ConnectBudgetEnds : FunctionalTest
{
    [Fact]
    public async Task The_client_is_reset_when_it_is_spent()
    {
        var service = Specs.Service(
                Own(await LoopbackBackend.SilentAsync()), Own(await LoopbackBackend.SilentAsync()), Own(await LoopbackBackend.SilentAsync()))
            .WithTimeouts(timeouts => timeouts with { ConnectTimeouts = [TimeSpan.FromMilliseconds(200)], ConnectBudget = TimeSpan.FromMilliseconds(300) });
        await StartAsync(service);

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));

        var record = await Log.SingleAsync();
        Assert.Equal(CloseReason.ConnectTimeout, record.Reason);
        Assert.Equal(2, record.Attempts);
        Assert.Null(record.ConnectTime);
        HasWaited(300, record.TotalTime);
    }
}
