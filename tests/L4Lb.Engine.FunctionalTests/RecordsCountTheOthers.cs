namespace L4Lb.Engine.FunctionalTests;

/// <summary>A record says how many other sessions there were when its own was over.</summary>
public sealed class RecordsCountTheOthers : FunctionalTest
{
    [Fact]
    public async Task Of_the_process_the_service_and_the_backend()
    {
        var busy = Specs.Service(Own(LoopbackBackend.Echo()));
        var other = Specs.Service(Own(LoopbackBackend.Echo())) with { Key = new ServiceKey("default", "other", "http") };
        await StartAsync(busy, other);
        var last = await ConnectAsync(busy);
        var first = await ConnectAsync(busy);
        var elsewhere = await ConnectAsync(other);
        foreach (var client in (TestConnection[])[last, first, elsewhere])
        {
            await client.ExchangeAsync(new byte[] { 1 });
        }

        first.FinishSending();
        await first.ReceiveToEndAsync();
        var record = await Log.SingleAsync();

        Assert.Equal((2, 1, 1), (record.OthersOfProcess, record.OthersOfService, record.OthersOfBackend));
    }
}
