namespace L4Lb.Engine.FunctionalTests;

/// <summary>An address that one service gives up and another takes keeps its sockets, and with them whoever waits there.</summary>
public sealed class AddressMovesBetweenServices : FunctionalTest
{
    [Fact]
    public async Task No_client_is_refused_or_reset_meanwhile()
    {
        var address = Loopback.FreeEndPoint();
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))];
        var blue = Specs.Service("blue", address, backends[0]);
        var green = Specs.Service("green", address, backends[1]);
        var balancer = await StartAsync(blue);

        using var enough = new CancellationTokenSource();
        var answers = new int[3];
        var clients = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                using var client = await TestConnection.ConnectAsync(address);
                Interlocked.Increment(ref answers[(await client.ReceiveExactlyAsync(1))[0]]);
                client.Reset();
            }
        })).ToArray();
        for (var i = 0; i < 40; i++)
        {
            await ApplyAsync(balancer, i % 2 == 0 ? green : blue);
            var serving = i % 2 == 0 ? 2 : 1;
            var before = Volatile.Read(ref answers[serving]);
            await Eventually.HoldsAsync(
                () => Volatile.Read(ref answers[serving]) > before || Array.Exists(clients, client => client.IsCompleted),
                () => $"no client is served by {serving}: answers {string.Join(", ", answers)}; {balancer.GetTotals()}; {string.Join(", ", balancer.GetServices())}; accepted {backends[0].Accepted}, {backends[1].Accepted}");
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal("blue", Assert.Single(balancer.GetServices()).Spec.Key.Name);
        using var last = await TestConnection.ConnectAsync(address);
        Assert.Equal([1], await last.ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task Its_sessions_stay_with_the_old_service()
    {
        var address = Loopback.FreeEndPoint();
        var blue = Specs.Service("blue", address, Own(LoopbackBackend.Named(1)));
        var green = Specs.Service("green", address, Own(LoopbackBackend.Named(2)));
        var balancer = await StartAsync(blue);
        var client = await ConnectAsync(address);
        Assert.Equal([1], await client.ReceiveExactlyAsync(1));

        await ApplyAsync(balancer, blue with { Listens = [] }, green);

        Assert.Equal([9], await client.ExchangeAsync(new byte[] { 9 }));
        var other = await ConnectAsync(address);
        Assert.Equal([2], await other.ReceiveExactlyAsync(1));
        Assert.Equal(1, balancer.GetServices().Single(service => service.Spec.Key.Name == "blue").Active);
    }
}
