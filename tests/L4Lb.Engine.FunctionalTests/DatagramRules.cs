using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>What ends a flow, what is scheduled, and how many there may be.</summary>
public sealed class DatagramRules : FunctionalTest
{
    [Fact]
    public async Task Silence_ends_a_flow()
    {
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend).WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromMilliseconds(300) });
        var balancer = await StartAsync(service);
        var client = Ask(service);
        await client.AskAsync(1);
        await client.AskAsync(2);

        Assert.Equal(CloseReason.IdleTimeout, (await Log.SingleAsync()).Reason);
        Assert.Equal(0, balancer.ActiveSessions);
        Assert.Equal([3], await client.AskAsync(3));
        Assert.Equal(2, backend.Flows);
    }

    [Fact]
    public async Task With_one_response_each_every_question_is_balanced_anew()
    {
        var (first, second) = (Own(DatagramBackend.Named(1)), Own(DatagramBackend.Named(2)));
        var service = Specs.Datagrams(first, second).WithDatagrams(new DatagramSpec { Responses = 1 });
        var balancer = await StartAsync(service);
        var client = Ask(service);

        for (byte i = 0; i < 10; i++)
        {
            await client.AskAsync(i);
        }

        Assert.Equal((5, 5), (first.Received.Count, second.Received.Count));
        Assert.All(await Log.WaitAsync(10), record => Assert.Equal((CloseReason.Completed, 1L, 1L), (record.Reason, record.Requests, record.Responses)));
        Assert.Equal(0, balancer.ActiveSessions);
    }

    [Fact]
    public async Task After_so_many_requests_the_next_one_begins_a_new_flow_and_answers_to_the_old_still_come()
    {
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend).WithDatagrams(new DatagramSpec { Requests = 3, Responses = 1 });
        await StartAsync(service);
        var client = Ask(service);

        for (byte i = 0; i < 7; i++)
        {
            client.Send([i]);
        }

        var answers = new List<byte>();
        for (var i = 0; i < 7; i++)
        {
            answers.AddRange(await client.ReceiveAsync());
        }

        Assert.Equal<byte>([0, 1, 2, 3, 4, 5, 6], answers.Order());
        Assert.Equal(3, backend.Flows);
        Assert.Equal([3L, 3L], (await Log.WaitAsync(2)).Select(record => record.Requests));
    }

    [Fact]
    public async Task One_by_one_datagrams_are_spread_by_weight_whoever_sends_them()
    {
        var (first, second) = (Own(DatagramBackend.Echo()), Own(DatagramBackend.Echo()));
        var service = Specs.Datagrams(first, second) with { Scheduler = new SchedulerSpec("wrr") };
        service = service with { Backends = [service.Backends[0] with { Weight = 3 }, service.Backends[1]] };
        service = service.WithDatagrams(new DatagramSpec { Mode = DatagramMode.Datagram });
        var balancer = await StartAsync(service);
        var (one, two) = (Ask(service), Ask(service));

        for (var i = 0; i < 200; i++)
        {
            one.Send([1]);
            two.Send([2]);
            await Eventually.EqualsAsync(2 * (i + 1), () => first.Received.Count + second.Received.Count, "the datagrams that arrived");
        }

        Assert.Equal((300, 100), (first.Received.Count, second.Received.Count));
        Assert.Equal([300L, 100L], balancer.GetServices()[0].Backends.Select(b => b.Total));
        Assert.InRange(first.Flows, 1, 2);
        Assert.Empty(Log.Records);
    }

    [Fact]
    public async Task A_newcomer_takes_the_place_of_the_oldest_that_did_not_come_back()
    {
        var service = Specs.Datagrams(Own(DatagramBackend.Echo())).WithLimits(new LimitSpec { MaxSessions = 4 });
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        var regular = Ask(service);
        await regular.AskAsync(1);
        await regular.AskAsync(2);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([3], await Ask(service).AskAsync(3));
            Assert.InRange(balancer.GetServices()[0].Active, 1, 4);
        }

        await regular.AskAsync(4);
        var shed = await Log.WaitAsync(17);
        Assert.All(shed, record => Assert.Equal(CloseReason.Shed, record.Reason));
        Assert.DoesNotContain(shed, record => record.Client == AddressKey.From(regular.EndPoint));
    }

    [Fact]
    public async Task Or_is_refused_and_counted()
    {
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend).WithLimits(new LimitSpec { MaxSessions = 2 })
            .WithDatagrams(new DatagramSpec { WhenFull = FlowsFull.Refuse });
        var balancer = await StartAsync(service);
        var (one, two) = (Ask(service), Ask(service));
        await one.AskAsync(1);
        await two.AskAsync(1);

        for (var i = 0; i < 50; i++)
        {
            Ask(service).Send([9]);
        }

        await Eventually.EqualsAsync(50L, () => balancer.GetTotals().Closed[CloseReason.LimitReached], "the refused");
        await one.AskAsync(1);
        await two.AskAsync(1);
        Assert.DoesNotContain(backend.Received, r => r.Datagram[0] == 9);
        Assert.InRange(Log.Records.Count, 1, 30);
    }

    [Fact]
    public async Task The_process_has_a_bound_of_its_own()
    {
        var service = Specs.Datagrams(Own(DatagramBackend.Echo()));
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1, MaxFlows = 8 }, service);

        for (var i = 0; i < 40; i++)
        {
            Assert.Equal([3], await Ask(service).AskAsync(3));
        }

        Assert.Equal(8, balancer.ActiveSessions);
        Assert.Equal(32L, balancer.GetTotals().Closed[CloseReason.Shed]);
    }

    [Fact]
    public async Task Larger_datagrams_than_allowed_are_counted_and_dropped()
    {
        var service = Specs.Datagrams(Own(DatagramBackend.Echo())).WithDatagrams(new DatagramSpec { MaxBytes = 512 });
        var balancer = await StartAsync(service);
        var client = Ask(service);

        client.Send(new byte[513]);

        Assert.Equal(512, (await client.AskAsync(new byte[512])).Length);
        Assert.Equal((1L, 1L), (balancer.GetTotals().DatagramsOversized, balancer.GetTotals().DatagramsFromClients));
    }

    [Fact]
    public async Task Clients_outside_the_source_ranges_get_nothing()
    {
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend).WithSourceRanges("127.0.0.1/32");
        var balancer = await StartAsync(service);

        Ask(service, new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0)).Send([1]);

        await Eventually.EqualsAsync(1L, () => balancer.GetTotals().Closed[CloseReason.SourceDenied], "the refused");
        Assert.Equal([2], await Ask(service).AskAsync(2));
        Assert.Single(backend.Received);
    }

    [Theory]
    [InlineData(ProxyHeaderOn.First)]
    [InlineData(ProxyHeaderOn.Each)]
    public async Task A_backend_learns_who_asks(ProxyHeaderOn on)
    {
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend).WithDatagrams(new DatagramSpec { ProxyHeader = on }) with
        {
            ProxyProtocol = new ProxyProtocolSpec { Send = ProxyProtocolVersion.V2 },
        };
        await StartAsync(service);
        var client = Ask(service);

        await client.AskAsync(7);
        await client.AskAsync(8);

        byte[] addresses = [127, 0, 0, 1, 127, 0, 0, 1];
        var (from, to) = (client.EndPoint.Port, service.Address.Port);
        byte[] header =
        [
            .. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x12, 0, 12, .. addresses, (byte)(from >> 8), (byte)from, (byte)(to >> 8), (byte)to,
        ];
        byte[] second = on == ProxyHeaderOn.Each ? header : [];
        Assert.Equal([[.. header, 7], [.. second, 8]], backend.Received.Select(r => r.Datagram));
    }

    [Fact]
    public async Task A_backend_learns_who_sent_each_of_those_that_are_spread_one_by_one()
    {
        var backend = Own(DatagramBackend.Silent());
        var service = Specs.Datagrams(backend).WithDatagrams(new DatagramSpec { Mode = DatagramMode.Datagram }) with
        {
            ProxyProtocol = new ProxyProtocolSpec { Send = ProxyProtocolVersion.V2 },
        };
        await StartAsync(service);
        var clients = Enumerable.Range(0, 10).Select(_ => Ask(service)).ToArray();

        foreach (var client in clients)
        {
            client.Send([1, 2, 3]);
        }

        await Eventually.EqualsAsync(10, () => backend.Received.Count, "the datagrams that arrived");
        Assert.Equal(
            clients.Select(client => client.EndPoint.Port).Order(),
            backend.Received.Select(r => (r.Datagram[24] << 8) | r.Datagram[25]).Order());
        Assert.All(backend.Received, r => Assert.Equal<byte>([1, 2, 3], r.Datagram[28..]));
    }

    [Fact]
    public async Task Who_waits_for_an_answer_gets_it_although_the_balancer_stops()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        var backend = Own(DatagramBackend.Answering(datagram =>
        {
            asked.TrySetResult();
            answer.Task.Wait(Eventually.Deadline);
            return [datagram];
        }));
        var service = Specs.Datagrams(backend);
        var balancer = await StartAsync(service);
        var client = Ask(service);
        client.Send([6]);
        await asked.Task;

        var draining = balancer.DrainAsync(TimeSpan.FromSeconds(20));
        await Eventually.EqualsAsync(0, () => balancer.GetListeners().Count, "the listeners");
        answer.SetResult();

        Assert.Equal([6], await client.ReceiveAsync());
        Assert.Equal(0, await draining);
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
    }
}
