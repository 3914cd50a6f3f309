namespace L4Lb.Engine.FunctionalTests;

/// <summary>A backend that is no longer wanted gets no new sessions; its old ones have a deadline.</summary>
public sealed class RemovedBackendDrains : FunctionalTest
{
    private static readonly TimeSpan s_drain = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Its_sessions_go_on_until_the_drain_timeout_and_are_then_reset()
    {
        var (first, second) = (Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo()));
        var service = Specs.Service(first).WithTimeouts(timeouts => timeouts with { Drain = s_drain });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.ExchangeAsync(new byte[] { 1 });

        await ApplyAsync(balancer, service.With(second));

        var removedAt = Environment.TickCount64;
        await client.ExchangeAsync(new byte[] { 2 });
        var other = await ConnectAsync(service);
        await other.ExchangeAsync(new byte[] { 3 });
        Assert.Equal(1, second.Accepted);
        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.True(Environment.TickCount64 - removedAt >= s_drain.TotalMilliseconds - 20);
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
        await other.ExchangeAsync(new byte[] { 4 });
    }

    [Fact]
    public async Task One_that_comes_back_in_time_keeps_them()
    {
        var (first, second) = (Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo()));
        var service = Specs.Service(first).WithTimeouts(timeouts => timeouts with { Drain = s_drain });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.ExchangeAsync(new byte[] { 1 });

        await ApplyAsync(balancer, service.With(second));
        await ApplyAsync(balancer, service.With(first, second));
        using var timer = new PeriodicTimer(2 * s_drain);
        await timer.WaitForNextTickAsync();

        await client.ExchangeAsync(new byte[] { 2 });
        Assert.Empty(Log.Records);
        Assert.Equal((1, 1L), (balancer.GetServices()[0].Backends[0].Active, balancer.GetServices()[0].Backends[0].Total));
    }

    [Fact]
    public async Task A_removed_service_drains_its_sessions_too()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo())).WithTimeouts(timeouts => timeouts with { Drain = s_drain });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.ExchangeAsync(new byte[] { 1 });

        await ApplyAsync(balancer);

        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
        Assert.Empty(balancer.GetServices());
        Assert.Equal([2], await client.ExchangeAsync(new byte[] { 2 }));
        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
    }

    /// <summary>A session that is still looking for a backend may find one that was removed meanwhile.</summary>
    [Fact]
    public async Task A_session_that_connects_after_the_removal_has_a_deadline_as_well()
    {
        var silent = Own(await LoopbackBackend.SilentAsync());
        var service = Specs.Service(silent, Own(LoopbackBackend.Echo())).WithTimeouts(timeouts => timeouts with
        {
            Drain = s_drain,
            ConnectTimeouts = [TimeSpan.FromMilliseconds(700), TimeSpan.FromSeconds(10)],
            ConnectBudget = TimeSpan.FromSeconds(20),
        });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await Eventually.EqualsAsync(1L, () => balancer.GetTotals().ConnectAttempts, "the number of connects");

        await ApplyAsync(balancer, service.With(silent));

        Assert.Equal([1], await client.ExchangeAsync(new byte[] { 1 }));
        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
    }
}
