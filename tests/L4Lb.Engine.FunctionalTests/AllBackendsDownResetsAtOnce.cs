namespace L4Lb.Engine.FunctionalTests;

/// <summary>When nobody answers the client is told at once, with a reset.</summary>
public sealed class AllBackendsDownResetsAtOnce : FunctionalTest
{
    [Theory]
    [InlineData(3, 3)]
    [InlineData(6, 4)]
    public async Task Every_backend_is_tried_once_and_no_more_than_allowed(int backends, int attempts)
    {
        var service = Specs.Service([.. Enumerable.Range(0, backends).Select(_ => Own(LoopbackBackend.Refuses()))]);
        await StartAsync(service);

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));

        var record = await Log.SingleAsync();
        Assert.Equal(CloseReason.ConnectRefused, record.Reason);
        Assert.Equal(attempts, record.Attempts);
        Assert.True(record.TotalTime < TimeSpan.FromSeconds(2), $"{record.TotalTime}");
    }
}
