namespace L4Lb.Engine.FunctionalTests;

/// <summary>
/// The case in which kube-proxy loses datagrams for as long as a client keeps sending: its backend is replaced. Here the
/// next datagram goes to the new one.
/// </summary>
public sealed class DatagramsOfAReplacedBackend : FunctionalTest
{
    [Fact]
    public async Task The_next_datagram_from_the_same_port_goes_to_the_new_one()
    {
        var (old, replacement) = (Own(DatagramBackend.Named(1)), Own(DatagramBackend.Named(2)));
        var service = Specs.Datagrams(old);
        var balancer = await StartAsync(service);
        var client = Ask(service);
        Assert.Equal([1, 0], await client.AskAsync(0));

        await ApplyAsync(balancer, service.WithDatagramBackends(replacement));

        Assert.Equal([2, 1], await client.AskAsync(1));
        Assert.Single(old.Received);
        Assert.Equal(CloseReason.BackendRemoved, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task Unrelated_flows_do_not_notice()
    {
        var (stays, leaves) = (Own(DatagramBackend.Named(1)), Own(DatagramBackend.Named(2)));
        var service = Specs.Datagrams(stays, leaves);
        var balancer = await StartAsync(service);
        var clients = Enumerable.Range(0, 10).Select(_ => Ask(service)).ToArray();
        var names = new List<byte>();
        foreach (var client in clients)
        {
            names.Add((await client.AskAsync(0))[0]);
        }

        Assert.Equal(5, names.Count(name => name == 1));
        var flows = stays.Flows;

        await ApplyAsync(balancer, service.WithDatagramBackends(stays));
        foreach (var client in clients)
        {
            Assert.Equal([1, 1], await client.AskAsync(1));
        }

        Assert.Equal(flows + 5, stays.Flows);
    }

    [Fact]
    public async Task A_service_that_is_removed_refuses_at_once()
    {
        var service = Specs.Datagrams(Own(DatagramBackend.Echo()));
        var balancer = await StartAsync(service);
        var client = Ask(service);
        await client.AskAsync(1);

        await ApplyAsync(balancer);

        Assert.True(await client.IsRefusedAsync());
        await AssertNothingIsHeldAsync(balancer);
    }

    [Fact]
    public async Task One_that_is_drained_keeps_its_flows_and_gets_no_new_ones()
    {
        var (drained, other) = (Own(DatagramBackend.Named(1)), Own(DatagramBackend.Named(2)));
        var service = Specs.Datagrams(drained);
        var balancer = await StartAsync(service);
        var client = Ask(service);
        Assert.Equal([1, 0], await client.AskAsync(0));
        await ApplyAsync(balancer, service.WithDatagramBackends(drained, other));

        Assert.Equal(OverrideResult.Done, await balancer.SetDrainAsync(service.Key, drained.EndPoint, isDrained: true));

        Assert.Equal([1, 1], await client.AskAsync(1));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal([2, 2], await Ask(service).AskAsync(2));
        }
    }

    [Fact]
    public async Task One_that_is_found_down_loses_the_flows_that_it_does_not_answer()
    {
        // It answers what it likes and not the probe, as one that hangs halfway.
        var hangs = Own(DatagramBackend.Answering(datagram => datagram[0] == 0 ? [datagram] : []));
        var answers = Own(DatagramBackend.Named(2));
        var probe = new ProbeSpec
        {
            Kind = ProbeKind.Udp,
            Send = "\u0001",
            Expect = "\u0001",
            Interval = TimeSpan.FromMilliseconds(100),
            Timeout = TimeSpan.FromMilliseconds(100),
            Fall = 2,
        };
        var service = Specs.Datagrams(hangs);
        var balancer = await StartAsync(service);
        var client = Ask(service);
        Assert.Equal([0], await client.AskAsync(0));
        client.Send([3]);

        await ApplyAsync(balancer, service.WithDatagramBackends(hangs, answers) with { Health = HealthSpec.None with { Probe = probe } });
        await Eventually.EqualsAsync(0.0, () => balancer.GetServices()[0].Backends[0].EffectiveWeight, "the weight of the one that hangs");
        await Eventually.EqualsAsync(HealthState.Up, () => balancer.GetServices()[0].Backends[1].Health.State, "the state of the other");

        Assert.Equal([2, 4], await client.AskAsync(4));
    }
}
