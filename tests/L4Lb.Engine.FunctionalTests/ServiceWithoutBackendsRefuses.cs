namespace L4Lb.Engine.FunctionalTests;

/// <summary>With nobody to serve, the kernel refuses clients, as if nothing were configured; and no longer than that.</summary>
public sealed class ServiceWithoutBackendsRefuses : FunctionalTest
{
    [Fact]
    public async Task From_the_start()
    {
        var service = Specs.Service();
        var balancer = await StartAsync(service);

        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
        var status = Assert.Single(balancer.GetListeners());
        Assert.Equal((ListenerState.NoBackend, null), (status.State, status.Problem));
    }

    [Fact]
    public async Task When_the_last_one_goes_and_until_one_returns()
    {
        var backend = Own(LoopbackBackend.Echo());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.ExchangeAsync(new byte[] { 1 });

        await ApplyAsync(balancer, service.With());
        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
        Assert.Equal(ListenerState.NoBackend, Assert.Single(balancer.GetListeners()).State);

        await ApplyAsync(balancer, service.With(backend));
        Assert.Equal(ListenerState.Listening, Assert.Single(balancer.GetListeners()).State);
        var other = await ConnectAsync(service);
        await other.ExchangeAsync(new byte[] { 2 });
        await client.ExchangeAsync(new byte[] { 3 });
    }

    [Theory]
    [InlineData(BackendScope.Local, 1)]
    [InlineData(BackendScope.Cluster | BackendScope.Local, 0)]
    [InlineData(BackendScope.None, 1)]
    public async Task Backends_that_are_not_eligible_here_do_not_count(BackendScope scopes, int weight)
    {
        var backend = Own(LoopbackBackend.Echo());
        var service = Specs.Service();
        service = service with { Backends = [new BackendSpec { Address = backend.EndPoint, Scopes = scopes, Weight = weight }] };
        var balancer = await StartAsync(service);

        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
        Assert.Equal(ListenerState.NoBackend, Assert.Single(balancer.GetListeners()).State);
    }

    [Fact]
    public async Task A_listen_of_policy_local_has_the_local_backends_only()
    {
        var (near, far) = (Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2)));
        var service = Specs.Service();
        service = service with
        {
            Listens = [service.Listens[0] with { Scope = BackendScope.Local }],
            Backends =
            [
                new BackendSpec { Address = far.EndPoint },
                new BackendSpec { Address = near.EndPoint, Scopes = BackendScope.Cluster | BackendScope.Local },
            ],
        };
        await StartAsync(service);

        for (var i = 0; i < 3; i++)
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            Assert.Equal([1], await client.ReceiveExactlyAsync(1));
        }
    }
}
