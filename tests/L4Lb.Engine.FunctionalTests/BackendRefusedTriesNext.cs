namespace L4Lb.Engine.FunctionalTests;

/// <summary>Backends that refuse cost a try, not a client.</summary>
public sealed class BackendRefusedTriesNext : FunctionalTest
{
    [Fact]
    public async Task No_client_sees_two_of_three_backends_refusing()
    {
        var echo = Own(LoopbackBackend.Echo());
        var service = Specs.Service(Own(LoopbackBackend.Refuses()), Own(LoopbackBackend.Refuses()), echo);
        var balancer = await StartAsync(service);

        for (var i = 0; i < 12; i++)
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            Assert.Equal([7, 8], await client.ExchangeAsync(new byte[] { 7, 8 }));
        }

        var records = await Log.WaitAsync(12);
        Assert.All(records, record => Assert.Equal(echo.EndPoint, record.Backend!.Value.ToIPEndPoint()));
        Assert.All(records, record => Assert.InRange(record.Attempts, 1, 3));
        var status = Assert.Single(balancer.GetServices());
        Assert.Equal(12, status.Backends[2].Total);
        Assert.Equal(0, status.Backends[2].ConnectFailures);
        var totals = balancer.GetTotals();
        Assert.Equal(records.Sum(record => record.Attempts), totals.ConnectAttempts);
        Assert.Equal(totals.ConnectAttempts - 12, totals.ConnectFailures);
        Assert.Equal(totals.ConnectFailures, status.Backends.Sum(backend => backend.ConnectFailures));
    }

    [Fact]
    public async Task A_backend_that_accepts_and_resets_at_once_costs_at_most_its_own_clients()
    {
        var service = Specs.Service(Own(LoopbackBackend.Refuses()), Own(LoopbackBackend.Echo()));
        await StartAsync(service.WithTimeouts(timeouts => timeouts with { ConnectAttempts = 1 }));
        var reasons = new List<CloseReason>();
        for (var i = 0; i < 2; i++)
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            client.FinishSending();
            await client.ReceiveToEndAsync();
            reasons = [.. (await Log.WaitAsync(i + 1)).Select(record => record.Reason)];
        }

        // One attempt only: the round gives one client to each, and the first of them has nobody else to turn to.
        Assert.Equal([CloseReason.Completed, CloseReason.ConnectRefused], reasons.Order());
    }

    [Fact]
    public async Task The_affinity_entry_moves_to_the_backend_that_answered()
    {
        var first = LoopbackBackend.Echo();
        var second = Own(LoopbackBackend.Echo());
        var service = Specs.Service(first, second) with { Affinity = new AffinitySpec() };
        var balancer = await StartAsync(service);
        await VisitAsync(service);
        await VisitAsync(service);
        var records = await Log.WaitAsync(2);
        Assert.All(records, record => Assert.Equal(first.EndPoint, record.Backend!.Value.ToIPEndPoint()));

        await first.DisposeAsync();
        for (var i = 0; i < 3; i++)
        {
            await VisitAsync(service);
        }

        records = await Log.WaitAsync(5);
        Assert.All(records[2..], record => Assert.Equal(second.EndPoint, record.Backend!.Value.ToIPEndPoint()));
        Assert.Equal([2, 1, 1], records[2..].Select(record => record.Attempts));
        Assert.Equal(1, Assert.Single(balancer.GetServices()).AffinityEntries);
    }

    private static async Task VisitAsync(ServiceSpec service)
    {
        using var client = await TestConnection.ConnectAsync(service.Address);
        await client.ExchangeAsync(new byte[] { 1 });
    }
}
