namespace L4Lb.Engine.FunctionalTests;

/// <summary>Once a client's byte was handed to a backend, no other backend may get it.</summary>
public sealed class NoRetryAfterFirstByte : FunctionalTest
{
    [Fact]
    public async Task A_backend_that_takes_bytes_and_resets_ends_the_session()
    {
        var other = Own(LoopbackBackend.Echo());
        var service = Specs.Service(Own(LoopbackBackend.ResetsAfter(3)), other);
        await StartAsync(service);
        var client = await ConnectAsync(service);

        await client.SendAsync(new byte[] { 1, 2, 3 });

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        var record = await Log.SingleAsync();
        Assert.Equal(CloseReason.BackendReset, record.Reason);
        Assert.Equal((1, 3), (record.Attempts, record.BytesFromClient));
        Assert.Equal(0, other.Accepted);
    }
}
