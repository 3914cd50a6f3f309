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
    public async Task With_one_attempt_its_clients_have_nobody_else_to_turn_to()
    {
        var service = Specs.Service(Own(LoopbackBackend.Refuses()), Own(LoopbackBackend.Source(new Payload(seed: 7), bytes: 5)))
            .WithTimeouts(timeouts => timeouts with { ConnectAttempts = 1 });
        await StartAsync(service);

        (long, StreamEnd)[] answers = [await TestConnection.AskAsync(service.Address), await TestConnection.AskAsync(service.Address)];

        Assert.Equal([(0, StreamEnd.Reset), (5, StreamEnd.Fin)], answers.Order());
        Assert.Equal([CloseReason.Completed, CloseReason.ConnectRefused], (await Log.WaitAsync(2)).Select(record => record.Reason).Order());
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

        // Two shards: a later session may be recorded first.
        records = [.. (await Log.WaitAsync(5)).OrderBy(record => record.Id)];
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
