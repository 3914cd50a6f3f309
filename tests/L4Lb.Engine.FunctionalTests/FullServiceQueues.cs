namespace L4Lb.Engine.FunctionalTests;

/// <summary>When there is no room clients wait in order, as long as they may and want to.</summary>
public sealed class FullServiceQueues : FunctionalTest
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1);

    /// <summary>One place, and room for five to wait.</summary>
    private static readonly LimitSpec s_one = new() { BackendMaxSessions = 1, QueueLength = 5, QueueTimeout = s_long };

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 1, 2)]
    [InlineData(1, 1, 2)]
    public async Task In_the_order_in_which_they_came(int backendMost, int serviceMost, int shards)
    {
        var limits = s_one with { BackendMaxSessions = backendMost, MaxSessions = serviceMost };
        var service = Specs.Service(Own(LoopbackBackend.Named(7))).WithLimits(limits);
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = shards }, service);
        var inside = await ServedAsync(service);
        var waiting = await WaitersAsync(balancer, service, 5);

        foreach (var next in waiting)
        {
            Assert.All(waiting.SkipWhile(client => client != next), client => Assert.Equal(0, client.Socket.Available));
            inside.Dispose();
            Assert.Equal([7], await next.ReceiveExactlyAsync(1));
            Assert.Equal([1], await next.ExchangeAsync(new byte[] { 1 }));
            inside = next;
        }

        inside.Dispose();
        var records = await Log.WaitAsync(6);
        Assert.All(records, record => Assert.Equal(CloseReason.Completed, record.Reason));
        Assert.Equal([null, 1, 2, 3, 4, 5], records.Select(record => record.QueuePosition));
        Assert.Null(records[0].QueueTime);
        Assert.All(records.Skip(1), record => Assert.InRange(record.QueueTime!.Value, TimeSpan.FromTicks(1), record.ConnectTime!.Value));
        Assert.Equal(6, balancer.GetServices()[0].Total);
    }

    [Fact]
    public async Task For_no_longer_than_they_may()
    {
        var limits = s_one with { QueueTimeout = TimeSpan.FromMilliseconds(150) };
        var service = Specs.Service(Own(LoopbackBackend.Named(7))).WithLimits(limits);
        await StartAsync(service);
        var inside = await ServedAsync(service);

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));

        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.QueueTimeout, 1, 0), (record.Reason, record.QueuePosition, record.Attempts));
        HasWaited(150, record.QueueTime);
        Assert.InRange(record.QueueTime!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Null(record.ConnectTime);
        Assert.Equal([1], await inside.ExchangeAsync(new byte[] { 1 }));
    }

    [Fact]
    public async Task And_no_more_than_may_wait()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(7))).WithLimits(s_one);
        var balancer = await StartAsync(service);
        var inside = await ServedAsync(service);
        var waiting = await WaitersAsync(balancer, service, 5);

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));

        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.QueueFull, (int?)null, (TimeSpan?)null), (record.Reason, record.QueuePosition, record.QueueTime));
        inside.Dispose();
        Assert.Equal([7], await waiting[0].ReceiveExactlyAsync(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Until_they_leave(bool reset)
    {
        var backend = Own(LoopbackBackend.Named(7));
        var service = Specs.Service(backend).WithLimits(s_one);
        var balancer = await StartAsync(service);
        var inside = await ServedAsync(service);
        var waiting = await WaitersAsync(balancer, service, 3);
        if (reset)
        {
            // What it sent before does not hide that it reset.
            await waiting[0].SendAsync(new byte[] { 1, 2, 3 });
            waiting[0].Reset();
            waiting[1].Reset();
        }
        else
        {
            waiting[0].Dispose();
            waiting[1].FinishSending();
        }

        await Eventually.EqualsAsync(1, () => balancer.GetServices()[0].Waiting, "the number of those who wait");
        Assert.All(await Log.WaitAsync(2), record => Assert.Equal((CloseReason.ClientGone, 0), (record.Reason, record.Attempts)));
        inside.Dispose();
        Assert.Equal([7], await waiting[2].ReceiveExactlyAsync(1));
        Assert.Equal(2, backend.Accepted);
    }

    [Fact]
    public async Task Also_when_they_have_said_all_they_want_to_say()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo())).WithLimits(s_one);
        var balancer = await StartAsync(service);
        var inside = await ConnectAsync(service);
        await inside.ExchangeAsync(new byte[] { 1 });
        var waiting = await WaitersAsync(balancer, service, 1);
        await waiting[0].SendAsync(new byte[] { 1, 2, 3 });
        waiting[0].FinishSending();

        inside.Dispose();

        Assert.Equal((3, StreamEnd.Fin), await waiting[0].ReceiveToEndAsync());
        Assert.All(await Log.WaitAsync(2), record => Assert.Equal(CloseReason.Completed, record.Reason));
    }

    [Fact]
    public async Task Until_a_reload_makes_room()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))];
        var service = Specs.Service(backends[0]).WithLimits(s_one);
        var balancer = await StartAsync(service);
        await ServedAsync(service);
        var waiting = await WaitersAsync(balancer, service, 4);

        await ApplyAsync(balancer, service.WithLimits(s_one with { BackendMaxSessions = 3 }));
        Assert.Equal([1], await waiting[0].ReceiveExactlyAsync(1));
        Assert.Equal([1], await waiting[1].ReceiveExactlyAsync(1));
        Assert.Equal(2, balancer.GetServices()[0].Waiting);

        await ApplyAsync(balancer, service.With(backends));
        Assert.Equal([2], await waiting[2].ReceiveExactlyAsync(1));
        Assert.Equal(1, balancer.GetServices()[0].Waiting);

        Assert.Equal(OverrideResult.Done, await balancer.SetDrainAsync(service.Key, backends[1].EndPoint, isDrained: true));
        await ApplyAsync(balancer, service.With(backends).WithLimits(LimitSpec.None));
        Assert.Equal([1], await waiting[3].ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task And_are_told_when_nobody_is_left_who_could_serve()
    {
        var backend = Own(LoopbackBackend.Named(1));
        var other = Specs.Service("other", Loopback.FreeEndPoint(), backend);
        var service = Specs.Service(backend).WithLimits(s_one);
        var balancer = await StartAsync(service, other);
        await ServedAsync(service);
        var waiting = await WaitersAsync(balancer, service, 2);

        Assert.Equal(OverrideResult.Done, await balancer.SetDrainAsync(service.Key, backend.EndPoint, isDrained: true));
        Assert.Equal((0, StreamEnd.Reset), await waiting[0].ReceiveToEndAsync());
        Assert.Equal((0, StreamEnd.Reset), await waiting[1].ReceiveToEndAsync());
        Assert.All(await Log.WaitAsync(2), record => Assert.Equal(CloseReason.NoBackend, record.Reason));

        await balancer.SetDrainAsync(service.Key, backend.EndPoint, isDrained: false);
        var last = await WaitersAsync(balancer, service, 1);
        await ApplyAsync(balancer, other);
        Assert.Equal((0, StreamEnd.Reset), await last[0].ReceiveToEndAsync());
        Assert.Equal(CloseReason.NoBackend, (await Log.WaitAsync(3))[2].Reason);
    }

    [Fact]
    public async Task Until_the_process_ends()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(1))).WithLimits(s_one);
        var balancer = await StartAsync(service);
        await ServedAsync(service);
        await WaitersAsync(balancer, service, 3);

        Assert.Equal(4, await balancer.DrainAsync(TimeSpan.FromMilliseconds(50)));

        Assert.All(await Log.WaitAsync(4), record => Assert.Equal(CloseReason.Drained, record.Reason));
    }

    [Fact]
    public async Task Again_when_the_backend_that_had_room_refuses_and_the_other_is_full()
    {
        // The first try fails, so the session waits for the other, and finds the first neither untried nor full.
        var echo = Own(LoopbackBackend.Named(7));
        var service = Specs.Service(echo).WithLimits(s_one);
        var balancer = await StartAsync(service);
        var inside = await ServedAsync(service);
        await ApplyAsync(balancer, service.With(Own(LoopbackBackend.Refuses()), echo));

        var waiting = await WaitersAsync(balancer, service, 2);
        inside.Dispose();

        Assert.Equal([7], await waiting[0].ReceiveExactlyAsync(1));
        waiting[0].Dispose();
        Assert.Equal([7], await waiting[1].ReceiveExactlyAsync(1));
        Assert.Equal(3, balancer.GetServices()[0].Total);
    }

    [Fact]
    public async Task Who_may_only_go_to_local_backends_does_not_hold_up_others()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))];
        var service = Specs.Service(backends).WithLimits(s_one);
        var local = Loopback.FreeEndPoint();
        service = service with
        {
            Listens = [service.Listens[0], new ListenSpec { Address = local, Scope = BackendScope.Local }],
            Backends =
            [
                service.Backends[0] with { Scopes = BackendScope.Cluster | BackendScope.Local },
                service.Backends[1] with { Scopes = BackendScope.Cluster },
            ],
        };
        var balancer = await StartAsync(service);
        var atLocal = await ConnectAsync(local);
        Assert.Equal([1], await atLocal.ReceiveExactlyAsync(1));
        var waitsForLocal = await ConnectAsync(local);
        await Eventually.EqualsAsync(1, () => balancer.GetServices()[0].Waiting, "the number of those who wait");

        var client = await ConnectAsync(service);
        Assert.Equal([2], await client.ReceiveExactlyAsync(1));
        var next = await ConnectAsync(service);
        await Eventually.EqualsAsync(2, () => balancer.GetServices()[0].Waiting, "the number of those who wait");

        client.Dispose();
        Assert.Equal([2], await next.ReceiveExactlyAsync(1));
        atLocal.Dispose();
        Assert.Equal([1], await waitsForLocal.ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task Everyone_is_served_in_a_crowd_and_never_more_than_there_is_room_for()
    {
        const int Clients = 40;
        const int Rounds = 15;
        var most = 0;
        LoopbackBackend[] backends = [.. Enumerable.Range(0, 3).Select(_ => Own(LoopbackBackend.Named(1)))];
        var limits = new LimitSpec { BackendMaxSessions = 2, QueueLength = Clients, QueueTimeout = s_long };
        var service = Specs.Service(backends).WithLimits(limits);
        var balancer = await StartAsync(service);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                using var client = await TestConnection.ConnectAsync(service.Address);
                Assert.Equal([1], await client.ReceiveExactlyAsync(1));
                most = Math.Max(most, balancer.GetServices()[0].Backends.Max(backend => backend.Active));
                Assert.Equal([2], await client.ExchangeAsync(new byte[] { 2 }));
            }
        }));

        var records = await Log.WaitAsync(Clients * Rounds);
        Assert.All(records, record => Assert.Equal(CloseReason.Completed, record.Reason));
        Assert.True(records.Count(record => record.QueuePosition > 0) > Clients, "hardly anybody had to wait");
        Assert.InRange(most, 1, 2);
    }

    private async Task<TestConnection> ServedAsync(ServiceSpec service)
    {
        var client = await ConnectAsync(service);
        await client.ReceiveExactlyAsync(1);
        return client;
    }

    /// <summary>Clients that wait, each behind the one before.</summary>
    private async Task<List<TestConnection>> WaitersAsync(LoadBalancer balancer, ServiceSpec service, int count)
    {
        var clients = new List<TestConnection>();
        while (clients.Count < count)
        {
            clients.Add(await ConnectAsync(service));
            await Eventually.EqualsAsync(clients.Count, () => balancer.GetServices()[0].Waiting, "the number of those who wait");
        }

        return clients;
    }
}
