using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class FlowTableTests
{
    private const string Client = "192.0.2.1:1000";
    private const string Other = "192.0.2.1:1001";

    [Fact]
    public void A_flow_is_what_one_address_and_port_sends_until_both_fall_silent()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Ask("b", Other);
        rig.Pass(20_000);
        rig.Ask("c");
        rig.Answer("A");
        Assert.Equal([(9001, "a"), (9002, "b"), (9001, "c")], rig.Sent);
        Assert.Equal([(Client, "A")], rig.Replies);
        Assert.Equal((2, 2, 2), (rig.Table.Count, rig.Admission.Flows, rig.Service.Service.Active));

        rig.Pass(10_000); // 30 s after the other's only datagram.
        Assert.Equal([CloseReason.IdleTimeout], rig.Reasons);
        rig.Pass(20_000);
        var record = rig.Records[1];
        Assert.Equal((2L, 1L, 2L, 1L), (record.Requests, record.Responses, record.BytesFromClient, record.BytesFromBackend));
        Assert.Equal((TransportProtocol.Udp, 3, 1), (record.Protocol, record.Shard, record.Attempts));
        Assert.Equal((rig.Service[9001].Address, FlowRig.KeyOf(Client)), (record.Backend, record.Client));
        Assert.Equal(TimeSpan.FromSeconds(50), record.TotalTime);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void A_flow_ends_when_it_has_its_answers()
    {
        // nginx: responses are counted for each request (proxy_responses of ngx_stream_proxy_module).
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { Responses = 2 }, 9001));
        rig.Ask("a");
        rig.Answer("1");
        rig.Ask("b");
        rig.Answer("2");
        rig.Answer("3");
        Assert.Equal(1, rig.Table.Count);

        rig.Answer("4");
        Assert.Equal([CloseReason.Completed], rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Answers_in_one_piece_count_one_by_one()
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { Responses = 3 }, 9001));
        rig.Ask("a");
        rig.Answer("1|2|3");

        Assert.Equal([(Client, "1|2|3")], rig.Replies);
        Assert.Equal((3L, CloseReason.Completed), (rig.Records[0].Responses, rig.Records[0].Reason));
    }

    [Fact]
    public void A_flow_that_expects_no_answer_is_over_once_it_has_asked_enough()
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { Requests = 2, Responses = 0 }, 9001, 9002));
        rig.Ask("a");
        Assert.Equal(1, rig.Table.Count);
        rig.Ask("b");
        Assert.Equal(0, rig.Table.Count);
        rig.Ask("c");

        Assert.Equal([(9001, "a"), (9001, "b"), (9002, "c")], rig.Sent);
        Assert.Equal([CloseReason.Completed], rig.Reasons);
    }

    [Fact]
    public void After_its_requests_the_next_begins_a_new_flow_and_answers_to_the_old_one_still_come()
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { Requests = 2, Responses = 1 }, 9001, 9002));
        rig.Ask("a|b|c"); // However they come in.
        rig.Ask("d");
        rig.Ask("e");
        Assert.Equal([(9001, "a"), (9001, "b"), (9002, "c"), (9002, "d"), (9001, "e")], rig.Sent);
        var flows = rig.Flows;
        Assert.Equal(3, flows.Count);

        rig.Answer("D", flows[1]);
        rig.Answer("A", flows[0]);
        rig.Answer("B", flows[0]);
        rig.Answer("C", flows[1]);
        rig.Answer("E", flows[2]); // It is to ask once more.
        Assert.Equal(["D", "A", "B", "C", "E"], rig.Replies.Select(reply => reply.Text));
        Assert.Equal([flows[2]], rig.Flows);
        rig.Ask("f");
        rig.Answer("F");
        Assert.Equal(Enumerable.Repeat(CloseReason.Completed, 3), rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Larger_ones_are_counted_and_dropped_one_by_one()
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { MaxBytes = 3 }, 9001));
        rig.Ask("abcd");
        Assert.Equal(0, rig.Table.Count);
        rig.Ask("abc");
        rig.Ask("abcd|efgh|ij"); // The last of several is shorter.
        rig.Ask("xyz|uvw|q");

        Assert.Equal([(9001, "abc"), (9001, "ij"), (9001, "xyz|uvw|q")], rig.Sent);
        Assert.Equal((3, 5), (rig.Counters.DatagramsOversized, rig.Counters.DatagramsFromClients));
    }

    [Fact]
    public void An_empty_datagram_is_one()
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { Responses = 1 }, 9001));
        rig.Ask("");
        rig.Answer("");

        Assert.Equal([(9001, "")], rig.Sent);
        Assert.Equal([(Client, "")], rig.Replies);
        Assert.Equal((1L, 1L, 0L), (rig.Records[0].Requests, rig.Records[0].Responses, rig.Records[0].BytesFromClient));
    }

    [Fact]
    public void The_oldest_that_was_not_heard_of_again_makes_way()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001) with { Limits = new LimitSpec { MaxSessions = 2 } });
        rig.Ask("a");
        rig.Answer("A");
        rig.Ask("again");
        rig.Ask("b", Other);
        rig.Ask("c", "192.0.2.2:1");
        Assert.Equal([CloseReason.Shed], rig.Reasons);
        Assert.Equal(FlowRig.KeyOf(Other), rig.Records[0].Client);

        rig.Answer("C", rig.Flows[1]);
        rig.Ask("again", "192.0.2.2:1");
        rig.Ask("d", "192.0.2.3:1"); // All are in use.
        Assert.Equal([CloseReason.Shed, CloseReason.LimitReached], rig.Reasons);
        rig.Pass(10_000);
        rig.Ask("d", "192.0.2.3:1");
        Assert.Equal(FlowRig.KeyOf(Client), rig.Records[2].Client);
        Assert.Equal((2, 2), (rig.Table.Count, rig.Service.Service.Active));
    }

    [Fact]
    public void A_full_service_refuses_the_newcomer_when_told_to()
    {
        var spec = FlowRig.Spec(new DatagramSpec { WhenFull = FlowsFull.Refuse }, 9001);
        var rig = new FlowRig(spec with { Limits = new LimitSpec { MaxSessions = 1 } });
        rig.Ask("a");
        rig.Ask("b", Other);

        Assert.Equal([CloseReason.LimitReached], rig.Reasons);
        Assert.Equal((1, 1, 1), (rig.Table.Count, rig.Admission.Flows, rig.Service.Service.Active));
        rig.Pass(30_000);
        rig.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(FlowsFull.Shed, CloseReason.Shed)]
    [InlineData(FlowsFull.Refuse, CloseReason.LimitReached)]
    public void The_process_is_full_in_the_same_way(FlowsFull whenFull, CloseReason reason)
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { WhenFull = whenFull }, 9001), flowsMost: 1);
        rig.Ask("a");
        rig.Ask("b", Other);

        Assert.Equal([reason], rig.Reasons);
        Assert.Equal((1, 1, 1), (rig.Table.Count, rig.Admission.Flows, rig.Service.Service.Active));
        rig.Pass(30_000);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Whoever_is_refused_leaves_nothing_behind()
    {
        var limits = new LimitSpec { PerSource = new SourceLimitSpec { MaxSessions = 1 }, MaxSessions = 5 };
        var rig = new FlowRig(ServiceRig.Spec53(9001) with { Limits = limits });
        rig.Ask("a");
        rig.Ask("b", Other);
        Assert.Equal([CloseReason.SourceLimited], rig.Reasons);

        rig.Service.Put(ServiceRig.Spec53() with { Limits = limits });
        rig.Ask("c", "192.0.2.9:1");
        rig.Listener.Target = new ListenerTarget(
            rig.Service.Service, rig.Listener.Target.Listen with { DeniedRanges = [IPNetwork.Parse("192.0.2.0/24")] });
        rig.Ask("d", "192.0.2.10:1");
        Assert.Equal([CloseReason.SourceLimited, CloseReason.NoBackend, CloseReason.SourceDenied], rig.Reasons);
        Assert.Equal((2, 0, 1), rig.Service.Service.Sources!.Measure(rig.Clock.NowMs));

        rig.Table.EndAll(CloseReason.Drained);
        Assert.Equal(0, rig.Service.Service.Sources!.Measure(rig.Clock.NowMs).Open);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void What_waits_to_be_sent_goes_out_before_the_flow_ends()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        Assert.Empty(rig.Sent);
        rig.Table.EndAll(CloseReason.Drained);

        Assert.Equal([(9001, "a")], rig.Sent);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void An_answer_that_was_read_with_the_last_one_is_dropped()
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { Responses = 1 }, 9001));
        rig.Ask("a");
        var flow = rig.Flows[0];
        rig.Answer("A", flow);
        rig.Listener.IsClosing = true;
        rig.Answer("again", flow);
        rig.Table.Unreachable(flow, Errno.ECONNREFUSED);

        Assert.Equal([(Client, "A")], rig.Replies);
        Assert.Equal((1, 0), (rig.Counters.DatagramsDropped, rig.Counters.ConnectFailures));
        rig.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(ProxyProtocolVersion.V2, ProxyHeaderOn.Each, ProxyHeaderOn.Each)]
    [InlineData(ProxyProtocolVersion.V2, ProxyHeaderOn.First, ProxyHeaderOn.First)]
    [InlineData(ProxyProtocolVersion.None, ProxyHeaderOn.First, null)]
    public void The_flow_says_which_datagrams_carry_a_header(ProxyProtocolVersion version, ProxyHeaderOn on, ProxyHeaderOn? expected)
    {
        var spec = FlowRig.Spec(new DatagramSpec { ProxyHeader = on }, 9001);
        var rig = new FlowRig(spec with { ProxyProtocol = new ProxyProtocolSpec { Send = version } });
        rig.Ask("a");

        Assert.Equal(expected, rig.Flows[0].ProxyHeader);
    }
}
