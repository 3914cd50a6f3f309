namespace L4Lb.Engine.FunctionalTests;

/// <summary>A backend that answers no SYN costs the time of one try, and all tries together no more than the budget.</summary>
public sealed class ConnectTimeoutTriesNext : FunctionalTest
{
    [Fact]
    public async Task The_client_is_served_by_the_next()
    {
        var echo = Own(LoopbackBackend.Echo());
        var service = Specs.Service(Own(await LoopbackBackend.SilentAsync()), echo)
            .WithTimeouts(timeouts => timeouts with { ConnectTimeouts = [TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(10)], ConnectBudget = TimeSpan.FromSeconds(20) });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);

        await client.ExchangeAsync(new byte[] { 1 });
        client.Dispose();

        var record = await Log.SingleAsync();
        Assert.Equal(2, record.Attempts);
        Assert.Equal(echo.EndPoint, record.Backend!.Value.ToIPEndPoint());
        HasWaited(300, record.ConnectTime);
        Assert.Equal(1, balancer.GetTotals().ConnectFailures);
    }
}
