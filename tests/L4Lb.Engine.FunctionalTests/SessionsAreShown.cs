using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Who is connected can be asked at any time, and ended.</summary>
public sealed class SessionsAreShown : FunctionalTest
{
    [Fact]
    public async Task A_session_says_who_talks_to_whom_and_how_much_was_said()
    {
        var backend = Own(LoopbackBackend.Echo());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.SendAsync(new byte[10]);
        await client.ReceiveExactlyAsync(10);

        var session = Assert.Single(await balancer.Sessions.ListAsync(new SessionQuery()));

        Assert.Equal(
            (service.Key, AddressKey.From(client.LocalEndPoint), AddressKey.From(service.Address), AddressKey.From(backend.EndPoint)),
            (session.Service, session.Client, session.Listen, session.Backend!.Value));
        Assert.Equal((TransportProtocol.Tcp, SessionPhase.Established, 1, 10L, 10L), (session.Protocol, session.Phase, session.Attempts, session.BytesFromClient, session.BytesFromBackend));
        Assert.InRange(session.Accepted, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow);
        Assert.NotNull(session.ConnectTime);

        client.FinishSending();
        await client.ReceiveToEndAsync();
        await Log.SingleAsync();
        Assert.Empty(await balancer.Sessions.ListAsync(new SessionQuery()));
    }

    [Fact]
    public async Task What_counts_for_a_service_is_what_its_sessions_did()
    {
        var backends = new[] { Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo()) };
        ServiceSpec[] services = [Specs.Service(backends[0]), Specs.Service(backends[1]) with { Key = new("default", "other", "p") }];
        var balancer = await StartAsync(services);
        for (var i = 0; i < 6; i++)
        {
            using var client = await TestConnection.ConnectAsync(services[i % 3 == 0 ? 1 : 0].Address);
            await client.SendAsync(new byte[100]);
            await client.ReceiveExactlyAsync(100);
            client.FinishSending();
            await client.ReceiveToEndAsync();
        }

        await Eventually.EqualsAsync(6L, () => balancer.GetTotals().Closed[CloseReason.Completed], "sessions that are over");
        var status = balancer.GetServices().ToDictionary(s => s.Spec.Key);
        foreach (var (service, sessions) in new[] { (services[0], 4L), (services[1], 2L) })
        {
            var (totals, backend) = (status[service.Key].Sessions, status[service.Key].Backends[0]);
            Assert.Equal((sessions, sessions, 0L, 0L), (totals.ClosedFor(CloseReason.Completed), totals.ConnectAttempts, totals.ConnectFailures, totals.Retries));
            Assert.Equal((sessions * 100, sessions * 100), (totals.Traffic.BytesFromClients, totals.Traffic.BytesFromBackends));
            Assert.Equal(totals.Traffic, backend.Traffic);
            Assert.Equal(sessions, totals.ConnectTimes.Count);
        }

        Assert.Equal(6, balancer.GetTotals().ConnectTimes.Count);
    }

    [Fact]
    public async Task A_connect_that_is_tried_again_is_a_retry()
    {
        var backend = Own(LoopbackBackend.Echo());
        var service = Specs.Service(backend) with
        {
            Backends = [new BackendSpec { Address = Loopback.FreeEndPoint() }, new BackendSpec { Address = backend.EndPoint }],
            Scheduler = new SchedulerSpec("first"),
        };
        var balancer = await StartAsync(service);

        using var client = await TestConnection.ConnectAsync(service.Address);
        await client.SendAsync(new byte[1]);
        await client.ReceiveExactlyAsync(1);

        var totals = balancer.GetServices()[0].Sessions;
        Assert.Equal((2L, 1L, 1L, 1L), (totals.ConnectAttempts, totals.ConnectFailures, totals.Retries, totals.ConnectTimes.Count));
    }

    [Fact]
    public async Task A_query_finds_those_that_fit_and_only_they_are_killed()
    {
        var backends = new[] { Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo()) };
        ServiceSpec[] services = [Specs.Service(backends), Specs.Service(backends) with { Key = new("default", "other", "p") }];
        var balancer = await StartAsync(services);
        for (var i = 0; i < 600; i++)
        {
            await ConnectAsync(services[i % 3 == 0 ? 1 : 0]);
        }

        await Eventually.EqualsAsync(600, () => balancer.ActiveSessions, "sessions");
        var all = await balancer.Sessions.ListAsync(new SessionQuery());
        Assert.Equal(600, all.Count);
        Assert.Equal(all.OrderBy(s => s.Id), all);
        Assert.Equal(600, await CountAsync(new() { Clients = IPNetwork.Parse("127.0.0.0/8"), Protocol = TransportProtocol.Tcp }));
        Assert.Equal(0, await CountAsync(new() { Clients = IPNetwork.Parse("10.0.0.0/8") }));
        Assert.Equal(0, await CountAsync(new() { Protocol = TransportProtocol.Udp }));
        Assert.Equal((200, 400), (await CountAsync(new() { Service = "other" }), await CountAsync(new() { Service = services[0].Key.Name })));
        Assert.Equal(1, await CountAsync(new() { Id = all[17].Id }));
        var query = new SessionQuery { Namespace = "default", Service = "other", Backend = AddressKey.From(backends[0].EndPoint) };
        Assert.Equal(100, await CountAsync(query));

        Assert.Equal(100, await balancer.Sessions.KillAsync(query));

        await Eventually.EqualsAsync(100L, () => balancer.GetTotals().Closed[CloseReason.Killed], "sessions that were killed");
        Assert.Equal((500, 0), (await CountAsync(new()), await CountAsync(query)));
        Assert.Equal(500, await balancer.Sessions.KillAsync(new SessionQuery()));

        async Task<int> CountAsync(SessionQuery which) => (await balancer.Sessions.ListAsync(which)).Count;
    }

    [Fact]
    public async Task Many_may_look_while_sessions_come_and_go()
    {
        var service = Specs.Service(Own(LoopbackBackend.Echo()));
        var balancer = await StartAsync(service);
        for (var i = 0; i < 700; i++)
        {
            await ConnectAsync(service);
        }

        await Eventually.EqualsAsync(700, () => balancer.ActiveSessions, "sessions");
        var staying = (await balancer.Sessions.ListAsync(new SessionQuery())).Select(s => s.Id).ToHashSet();
        using var stop = new CancellationTokenSource();
        var churn = Enumerable.Range(0, 4).Select(_ => ChurnAsync()).ToArray();
        var looks = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 50; i++)
            {
                var seen = (await balancer.Sessions.ListAsync(new SessionQuery())).Select(s => s.Id).ToList();
                Assert.Equal(seen.Distinct(), seen);
                Assert.Superset(staying, seen.ToHashSet());
            }
        });
        await Task.WhenAll(looks);
        await stop.CancelAsync();
        await Task.WhenAll(churn);

        async Task ChurnAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                using var client = await TestConnection.ConnectAsync(service.Address);
                await client.SendAsync(new byte[1]);
                await client.ReceiveExactlyAsync(1);
            }
        }
    }

    [Fact]
    public async Task A_flow_is_shown_and_killed_and_the_next_datagram_begins_another()
    {
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend);
        var balancer = await StartAsync(service);
        var client = Ask(service);
        await client.AskAsync(1, 2, 3);

        var flow = Assert.Single(await balancer.Sessions.ListAsync(new SessionQuery { Protocol = TransportProtocol.Udp }));

        Assert.Equal(
            (AddressKey.From(client.EndPoint), AddressKey.From(backend.EndPoint), 1L, 1L, 3L, 3L),
            (flow.Client, flow.Backend!.Value, flow.Requests, flow.Responses, flow.BytesFromClient, flow.BytesFromBackend));
        Assert.Equal(1, await balancer.Sessions.KillAsync(new SessionQuery { Id = flow.Id }));
        Assert.Equal(CloseReason.Killed, (await Log.SingleAsync()).Reason);
        Assert.Equal([4], await client.AskAsync(4));
        Assert.NotEqual(flow.Id, Assert.Single(await balancer.Sessions.ListAsync(new SessionQuery())).Id);
        var totals = balancer.GetServices()[0].Sessions;
        Assert.Equal((2L, 4L, 2L, 1L), (totals.Traffic.DatagramsFromClients, totals.Traffic.BytesFromBackends, totals.Traffic.DatagramsFromBackends, totals.ClosedFor(CloseReason.Killed)));
    }
}
