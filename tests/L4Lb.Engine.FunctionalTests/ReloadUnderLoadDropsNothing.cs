namespace L4Lb.Engine.FunctionalTests;

/// <summary>Reloads, related and not, under clients that come and go all the time: not one of them sees an error.</summary>
public sealed class ReloadUnderLoadDropsNothing : FunctionalTest
{
    private const int Reloads = 150;

    [Fact]
    public async Task Of_clients_that_come_and_go()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo())];
        var service = Specs.Service(backends);
        var balancer = await StartAsync(service);
        using var enough = new CancellationTokenSource();
        var exchanges = 0;
        var clients = Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            var message = new byte[1_000];
            while (!enough.IsCancellationRequested)
            {
                using var client = await TestConnection.ConnectAsync(service.Address);
                for (var i = random.Next(1, 20); i > 0; i--)
                {
                    random.NextBytes(message);
                    Assert.Equal(message, await client.ExchangeAsync(message));
                    Interlocked.Increment(ref exchanges);
                }

                client.Reset();
            }
        })).ToArray();

        var random = new Random(42);
        for (var i = 0; i < Reloads; i++)
        {
            // Never without a backend; those that leave have their default half minute to drain.
            var wanted = backends.Where((_, index) => index == i % backends.Length || random.Next(2) == 0).ToArray();
            var other = Specs.Service($"other-{random.Next(3)}", Loopback.FreeEndPoint(), wanted);
            await ApplyAsync(balancer, service.With(wanted), other);
            var seen = Volatile.Read(ref exchanges);
            await Eventually.HoldsAsync(
                () => Volatile.Read(ref exchanges) > seen || Array.Exists(clients, client => client.IsCompleted), () => "no client is served");
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        var totals = balancer.GetTotals();
        Assert.Equal(0, totals.ConnectFailures + totals.Closed[CloseReason.NoBackend] + totals.Closed[CloseReason.Drained]);
    }
}
