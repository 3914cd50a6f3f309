namespace L4Lb.Engine.FunctionalTests;

/// <summary>A large transfer moves through pipes when it may, and arrives the same when it may not.</summary>
public sealed class BulkIsSpliced : FunctionalTest
{
    private const long Bytes = 256L << 20;

    private readonly Payload _payload = new(seed: 11);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task And_arrives_whole(bool splice)
    {
        var service = Specs.Service(Own(LoopbackBackend.Source(_payload, Bytes)));
        await StartAsync(new LoadBalancerOptions { Splice = splice }, service);
        var client = await ConnectAsync(service);
        client.FinishSending();

        Assert.Equal((Bytes, StreamEnd.Fin), await client.ReceiveToEndAsync(_payload));

        Assert.Equal((CloseReason.Completed, Bytes), ((await Log.SingleAsync()).Reason, (await Log.SingleAsync()).BytesFromBackend));
    }

    /// <summary>Pipes are what a spliced transfer holds while it is under way, and copying holds nothing of the kind.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Through_pipes_that_go_back(bool splice)
    {
        // Read from in gulps, a slow client keeps the balancer's reads large: that is what bulk looks like.
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(new LoadBalancerOptions { Splice = splice, Shards = 1 }, service);
        var before = OpenDescriptors.Describe().Count(item => item.Contains("pipe:", StringComparison.Ordinal));
        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());
        for (var i = 0; i < 3; i++)
        {
            var sent = await Stall.FillAsync(server, _payload, balancer);
            Assert.Equal(1, balancer.BuffersRented);
            for (var got = 0L; got < sent;)
            {
                var part = (int)Math.Min(1_000_000, sent - got);
                Assert.True((await client.ReceiveExactlyAsync(part)).AsSpan().SequenceEqual(_payload.At(got, part).Span));
                got += part;
            }

            await Eventually.EqualsAsync(0, () => balancer.BuffersRented, "the number of buffers and pipes");
        }

        var pipes = OpenDescriptors.Describe().Count(item => item.Contains("pipe:", StringComparison.Ordinal)) - before;
        Assert.Equal(splice ? 2 : 0, pipes);
    }

    /// <summary>What is in a pipe when its session dies must not come out in another one.</summary>
    [Fact]
    public async Task A_session_that_dies_takes_what_its_pipe_holds_with_it()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        for (var i = 0; i < 4; i++)
        {
            var client = await ConnectAsync(service);
            var server = Own(await backend.AcceptAsync());
            var payload = new Payload(seed: 100 + i);
            var sent = await Stall.FillAsync(server, payload, balancer);
            if (i % 2 == 0)
            {
                client.Reset();
                await Log.WaitAsync(i + 1);
                Assert.Equal(0, balancer.BuffersRented);
            }
            else
            {
                server.FinishSending();
                client.FinishSending();
                Assert.Equal((sent, StreamEnd.Fin), await client.ReceiveToEndAsync(payload));
                await Log.WaitAsync(i + 1);
            }
        }
    }
}
