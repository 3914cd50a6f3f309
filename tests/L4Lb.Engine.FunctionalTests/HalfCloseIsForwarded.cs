namespace L4Lb.Engine.FunctionalTests;

/// <summary>A FIN is passed on behind everything before it, and the other direction goes on.</summary>
public sealed class HalfCloseIsForwarded : FunctionalTest
{
    private readonly Payload _payload = new(seed: 1);

    [Theory]
    [InlineData(64L << 20, true)]
    [InlineData(64L << 20, false)]
    public Task The_answer_after_the_clients_fin_arrives_whole(long bytes, bool splice) => AnswerAfterFinAsync(bytes, splice);

    /// <summary>The same beyond every 32-bit count; half a minute, so only where it is asked for.</summary>
    [Theory(Explicit = true)]
    [Trait("size", "large")]
    [InlineData(true)]
    [InlineData(false)]
    public Task More_than_two_gibibytes_arrive_whole(bool splice) => AnswerAfterFinAsync((2L << 30) + 12345, splice);

    [Fact]
    public async Task The_backend_may_finish_first()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        await StartAsync(service);
        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());

        await server.SendAsync(_payload, 100_000);
        server.FinishSending();
        Assert.Equal((100_000, StreamEnd.Fin), await client.ReceiveToEndAsync(_payload));

        var receiving = server.ReceiveToEndAsync(_payload);
        await client.SendAsync(_payload, 3_000_000);
        client.FinishSending();
        Assert.Equal((3_000_000, StreamEnd.Fin), await receiving);

        var record = await Log.SingleAsync();
        Assert.Equal(CloseReason.Completed, record.Reason);
        Assert.Equal((3_000_000, 100_000), (record.BytesFromClient, record.BytesFromBackend));
    }

    [Fact]
    public async Task Nothing_at_all_is_forwarded_as_nothing_at_all()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo()));
        await StartAsync(service);
        var client = await ConnectAsync(service);

        client.FinishSending();

        Assert.Equal((0, StreamEnd.Fin), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.Completed, (await Log.SingleAsync()).Reason);
    }

    private async Task AnswerAfterFinAsync(long bytes, bool splice)
    {
        var service = Specs.Service(Own(LoopbackBackend.AnswersAfterEnd(_payload, bytes)));
        await StartAsync(new LoadBalancerOptions { Splice = splice }, service);
        var client = await ConnectAsync(service);

        await client.SendAsync(_payload, bytes);
        client.FinishSending();

        Assert.Equal((bytes, StreamEnd.Fin), await client.ReceiveToEndAsync(_payload));
        var record = await Log.SingleAsync();
        Assert.Equal((bytes, bytes), (record.BytesFromClient, record.BytesFromBackend));
        Assert.Equal(CloseReason.Completed, record.Reason);
    }
}
