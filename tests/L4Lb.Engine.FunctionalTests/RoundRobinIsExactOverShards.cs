namespace L4Lb.Engine.FunctionalTests;

/// <summary>The round is one for all shards, so every backend gets the same share to the client.</summary>
public sealed class RoundRobinIsExactOverShards : FunctionalTest
{
    [Fact]
    public async Task Whoever_accepts()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))];
        var service = Specs.Service(backends);
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 4 }, service);

        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            await client.ReceiveExactlyAsync(1);
        });

        var records = await Log.WaitAsync(300);
        Assert.Equal([100, 100, 100], balancer.GetServices()[0].Backends.Select(backend => backend.Total));
        Assert.Equal([0, 1, 2, 3], records.Select(record => record.Shard).Distinct().Order());
    }
}
