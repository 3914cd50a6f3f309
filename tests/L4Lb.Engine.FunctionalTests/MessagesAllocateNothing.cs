namespace L4Lb.Engine.FunctionalTests;

/// <summary>Once a session is open, a message costs the collector nothing.</summary>
public sealed class MessagesAllocateNothing : FunctionalTest
{
    private const int Messages = 10_000;

    [Theory]
    [InlineData(100, "rr")]
    [InlineData(20_000, "rr")]
    [InlineData(100, "ewma")]
    [InlineData(100, "least-bandwidth")]
    [InlineData(20_000, "least-bandwidth")]
    public async Task However_many_there_are(int bytes, string scheduler)
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo())) with { Scheduler = new SchedulerSpec(scheduler) };
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        var client = await ConnectAsync(service);
        await ExchangeAsync(client, bytes, 1_000);

        await AssertAllocatesNothingAsync(balancer, () => ExchangeAsync(client, bytes, Messages));
    }

    [Theory]
    [InlineData(100, "rr")]
    [InlineData(9_000, "rr")]
    [InlineData(100, "ewma")]
    [InlineData(100, "least-bandwidth")]
    public async Task Nor_does_a_datagram_of_a_flow(int bytes, string scheduler)
    {
        var service = Specs.Datagrams(Own(DatagramBackend.Echo()), Own(DatagramBackend.Echo())) with { Scheduler = new SchedulerSpec(scheduler) };
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        var client = Ask(service);
        await AskAsync(client, bytes, 1_000);

        await AssertAllocatesNothingAsync(balancer, () => AskAsync(client, bytes, Messages));
    }

    private static async Task AssertAllocatesNothingAsync(LoadBalancer balancer, Func<Task> exchange)
    {
        var probe = new Probe(balancer.Shards[0]);
        probe.Measure();
        var allocated = new List<long>();
        do
        {
            // The first time that a reader is slow, its direction rents a buffer that has to be made: once, and not per
            // message. Any cost per message would show in every round.
            var before = probe.Measure();
            await exchange();
            allocated.Add(probe.Measure() - before);
        }
        while (allocated[^1] != 0 && allocated.Count < 3);

        Assert.True(allocated[^1] == 0, $"bytes allocated for {Messages} messages, by round: {string.Join(", ", allocated)}");
    }

    private static async Task AskAsync(DatagramSocket client, int bytes, int times)
    {
        var datagram = new byte[bytes];
        for (var i = 0; i < times; i++)
        {
            client.Send(datagram);
            await client.ReceiveAsync();
        }
    }

    private static async Task ExchangeAsync(TestConnection client, int bytes, int times)
    {
        var message = new byte[bytes];
        for (var i = 0; i < times; i++)
        {
            await client.SendAsync(message);
            for (var got = 0; got < bytes;)
            {
                got += await client.ReceiveAsync(message.AsMemory(got));
            }
        }
    }

    /// <summary>Asks the shard's thread what it has allocated, without allocating there.</summary>
    private sealed class Probe(Shards.Shard shard)
    {
        private readonly SemaphoreSlim _done = new(0);
        private long _allocated;

        internal long Measure()
        {
            shard.Post(
                static state =>
                {
                    var probe = (Probe)state!;
                    probe._allocated = GC.GetAllocatedBytesForCurrentThread();
                    probe._done.Release();
                },
                this);
            Assert.True(_done.Wait(Eventually.Deadline));
            return _allocated;
        }
    }
}
