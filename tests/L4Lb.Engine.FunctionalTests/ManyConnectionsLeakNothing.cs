namespace L4Lb.Engine.FunctionalTests;

/// <summary>Thousands of connections that end in every way and at every moment leave nothing behind.</summary>
public sealed class ManyConnectionsLeakNothing : FunctionalTest
{
    private const int Connections = 5_000;

    [Theory]
    [InlineData(1)]
    public async Task However_they_end(int seed)
    {
        LoopbackBackend[] backends =
        [
            Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Resets()), Own(LoopbackBackend.ResetsAfter(3)),
            Own(LoopbackBackend.Refuses()), Own(LoopbackBackend.Source(new Payload(seed), 300_000)), Own(LoopbackBackend.Sink()),
        ];
        var service = Specs.Service(backends) with { Affinity = null, Limits = new LimitSpec { BackendMaxSessions = 20 } };
        var balancer = await StartAsync(new LoadBalancerOptions { MaxSessions = 40 }, service);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Connections),
            new ParallelOptions { MaxDegreeOfParallelism = 48 },
            (i, _) => new ValueTask(VisitAsync(service, new Random((seed * Connections) + i))));

        await AssertNothingIsHeldAsync(balancer);
        var totals = balancer.GetTotals();
        Assert.Equal(totals.Accepted, totals.Closed.Values.Sum());
        Assert.Equal(totals.Accepted, Log.Records.Count);
        Assert.InRange(totals.Accepted, Connections * 9 / 10, Connections);
        Assert.Equal(0, totals.Closed[CloseReason.InternalError] + totals.Closed[CloseReason.None] + totals.Closed[CloseReason.ResourceExhausted]);
    }

    private static async Task VisitAsync(ServiceSpec service, Random random)
    {
        try
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            for (var steps = random.Next(4); steps > 0; steps--)
            {
                switch (random.Next(4))
                {
                    case 0:
                        await client.SendAsync(new byte[random.Next(1, 20_000)]);
                        break;

                    case 1:
                        await client.SendAsync(new byte[1]);
                        await client.ReceiveAsync(new byte[random.Next(1, 5_000)]).WaitAsync(TimeSpan.FromMilliseconds(20));
                        break;

                    case 2:
                        client.FinishSending();
                        return;

                    default:
                        client.Reset();
                        return;
                }
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException)
        {
            // Half of these backends misbehave; what matters is what is left afterwards.
        }
    }
}
