namespace L4Lb.Engine.FunctionalTests;

/// <summary>The kernel spreads clients by hash, which leaves some shards with many more than others; we even that out.</summary>
public sealed class SessionsAreSpreadOverShards : FunctionalTest
{
    private const int Clients = 240;

    [Fact]
    public async Task No_shard_has_clearly_more_than_another()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo()));
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 3 }, service);
        for (var i = 0; i < Clients; i++)
        {
            await ConnectAsync(service);
        }

        await Eventually.EqualsAsync(Clients, () => balancer.SessionsByShard.Sum(), "the number of sessions");

        // Without it the difference would be about 18 on average (standard deviation of a multinomial of 240 over three).
        var sessions = balancer.SessionsByShard;
        Assert.True(sessions.Max() - sessions.Min() <= 10, string.Join(", ", sessions));
    }
}
