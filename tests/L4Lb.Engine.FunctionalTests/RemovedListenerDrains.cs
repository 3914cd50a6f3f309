namespace L4Lb.Engine.FunctionalTests;

/// <summary>Sessions that came by an address which a service gives up drain as those of a removed backend do.</summary>
public sealed class RemovedListenerDrains : FunctionalTest
{
    private static readonly TimeSpan s_drain = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task They_end_after_the_drain_timeout_and_those_of_other_addresses_go_on()
    {
        var (service, balancer) = await StartOnTwoAsync(s_drain);
        var (leaves, stays) = (await ConnectAsync(service, 0), await ConnectAsync(service, 1));

        var removedAt = Environment.TickCount64;
        await ApplyAsync(balancer, service with { Listens = [service.Listens[1]] });

        Assert.Equal((0, StreamEnd.Reset), await leaves.ReceiveToEndAsync());
        Assert.True(Environment.TickCount64 - removedAt >= s_drain.TotalMilliseconds - 20);
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
        Assert.Equal([2], await stays.ExchangeAsync(new byte[] { 2 }));
    }

    [Fact]
    public async Task They_go_on_when_the_address_comes_back_in_time()
    {
        var (service, balancer) = await StartOnTwoAsync(s_drain);
        var client = await ConnectAsync(service, 0);

        await ApplyAsync(balancer, service with { Listens = [service.Listens[1]] });
        await ApplyAsync(balancer, service);
        using var timer = new PeriodicTimer(2 * s_drain); // The deadline passes, and nothing is to happen.
        await timer.WaitForNextTickAsync();

        Assert.Equal([3], await client.ExchangeAsync(new byte[] { 3 }));
        Assert.Empty(Log.Records);
    }

    [Fact]
    public async Task An_address_that_moves_to_another_service_leaves_the_first()
    {
        var (service, balancer) = await StartOnTwoAsync(s_drain);
        var client = await ConnectAsync(service, 0);
        var other = Specs.Service("other", service.Listens[0].Address, Own(LoopbackBackend.Named(7)));

        await ApplyAsync(balancer, service with { Listens = [service.Listens[1]] }, other);

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task A_listener_that_closes_for_want_of_backends_drains_nobody()
    {
        var (service, balancer) = await StartOnTwoAsync(TimeSpan.Zero);
        var client = await ConnectAsync(service, 0);

        await ApplyAsync(balancer, service with { Backends = [service.Backends[0] with { Weight = 0 }] });
        await Eventually.HoldsAsync("nobody listens", () => TestConnection.IsRefusedAsync(service.Listens[0].Address));

        Assert.Equal([4], await client.ExchangeAsync(new byte[] { 4 }));
    }

    private async Task<(ServiceSpec Service, LoadBalancer Balancer)> StartOnTwoAsync(TimeSpan drain)
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo())).WithTimeouts(timeouts => timeouts with { Drain = drain });
        service = service with { Listens = [service.Listens[0], new ListenSpec { Address = Loopback.FreeEndPoint() }] };
        return (service, await StartAsync(service));
    }

    private async Task<TestConnection> ConnectAsync(ServiceSpec service, int listen)
    {
        var client = await ConnectAsync(service.Listens[listen].Address);
        await client.ExchangeAsync(new byte[] { 1 });
        return client;
    }
}
