using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class FlowOutletsTests
{
    private static readonly DatagramSpec s_rules = new() { Mode = DatagramMode.Datagram };

    [Fact]
    public void Each_datagram_is_scheduled_by_itself_by_one_socket_for_each_backend()
    {
        var rig = new FlowRig(FlowRig.Spec(s_rules, 9001, 9002));
        rig.Ask("a");
        rig.Ask("b|c|d", "192.0.2.2:1");
        rig.Ask("", "192.0.2.3:1");

        Assert.Equal([(9001, "a"), (9002, "b"), (9001, "c"), (9002, "d"), (9001, "")], rig.Sent);
        Assert.Equal((2, 2, 0), (rig.Table.Count, rig.Admission.Flows, rig.Service.Service.Active));
        Assert.Equal((3L, 2L, 0), (rig.Service[9001].Total, rig.Service[9002].Total, rig.Service[9001].Load.Active));
        Assert.Equal((5, 4), (rig.Counters.DatagramsFromClients, rig.Counters.BytesFromClients));

        rig.Answer("nobody asked");
        Assert.Empty(rig.Replies);
        Assert.Equal(1, rig.Counters.DatagramsDropped);
        rig.Pass(30_000);
        Assert.Empty(rig.Records); // No session of anybody's.
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void What_cannot_be_sent_is_lost_and_the_backend_is_blamed()
    {
        var rig = new FlowRig(FlowRig.Spec(s_rules, 9001)) { Sends = static _ => Errno.ECONNREFUSED };
        rig.Ask("a");
        rig.Port.FlushAll();
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);
        Assert.Equal((2, 2), (rig.Service[9001].Connects.FailedInARow, rig.Counters.ConnectFailures));
        rig.Sends = static _ => Errno.ENOBUFS;
        rig.Ask("b");
        rig.Port.FlushAll();

        Assert.Equal((2, 2, 1), (rig.Counters.DatagramsDropped, rig.Counters.ConnectFailures, rig.Table.Count));
    }

    [Fact]
    public void Without_a_socket_the_next_backend_gets_it()
    {
        var rig = new FlowRig(FlowRig.Spec(s_rules, 9001, 9002));
        rig.Port.Opens = static flow => flow.Backend!.Address.Port == 9001 ? Errno.ENETUNREACH : Errno.None;
        rig.Ask("a");
        rig.Port.Opens = static _ => Errno.EMFILE;
        rig.Ask("b");
        rig.Ask("c");
        Assert.Equal([(9002, "a"), (9002, "b"), (9002, "c")], rig.Sent);

        rig.Table.EndAll(CloseReason.Drained);
        rig.Ask("d");
        rig.Service.Put(FlowRig.Spec(s_rules));
        rig.Ask("e");
        Assert.Equal([CloseReason.ResourceExhausted, CloseReason.NoBackend], rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void A_full_process_sheds_a_flow_for_it_and_not_the_other_way_round()
    {
        var rig = new FlowRig(FlowRig.Spec(s_rules, 9001), flowsMost: 1);
        rig.Ask("a");
        rig.Service.Put(ServiceRig.Spec53(9001));
        rig.Ask("b");
        Assert.Equal([CloseReason.LimitReached], rig.Reasons); // It serves many.

        rig.Pass(10_000);
        rig.Ask("c");
        Assert.False(rig.Flows[0].IsOutlet);
        rig.Service.Put(FlowRig.Spec(s_rules, 9001));
        rig.Ask("d");
        Assert.True(rig.Flows[0].IsOutlet);
        Assert.Equal([CloseReason.LimitReached, CloseReason.Shed], rig.Reasons);
    }

    [Fact]
    public void It_does_not_keep_a_listener_open_that_closes()
    {
        var rig = new FlowRig(FlowRig.Spec(s_rules, 9001));
        rig.Ask("a");
        rig.Listener.IsClosing = true;
        rig.Table.Close(rig.Listener);
        Assert.Equal(0, rig.Listener.Flows);

        var second = new DatagramListener(null, fd: 1, rig.Listener.Target);
        rig.Ask("b", listener: second);
        Assert.Equal([(9001, "a"), (9001, "b")], rig.Sent);
        Assert.Equal((1, 1), (second.Flows, rig.Table.Count));
    }

    [Fact]
    public void A_backend_that_goes_and_comes_back_gets_a_new_one()
    {
        var rig = new FlowRig(FlowRig.Spec(s_rules, 9001));
        rig.Ask("a");
        var removed = Assert.Single(rig.Service.Put(FlowRig.Spec(s_rules)));
        rig.Table.EndOf(removed, CloseReason.BackendRemoved);
        rig.Ask("b");
        rig.Service.Put(FlowRig.Spec(s_rules, 9001));
        rig.Ask("c");

        Assert.Equal([(9001, "a"), (9001, "c")], rig.Sent);
        Assert.Equal([CloseReason.NoBackend], rig.Reasons);
        rig.Table.EndAll(CloseReason.Drained);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void The_rate_of_a_source_is_limited_and_no_place_is_kept()
    {
        var limits = new LimitSpec { MaxSessions = 1, PerSource = new SourceLimitSpec { MaxNewSessions = 2, MaxSessions = 1 } };
        var rig = new FlowRig(FlowRig.Spec(s_rules, 9001, 9002) with { Limits = limits });
        rig.Ask("a|b|c");
        rig.Ask("d", "192.0.2.2:1");

        Assert.Equal(["a", "b", "d"], rig.Sent.Select(sent => sent.Text));
        Assert.Equal([CloseReason.SourceLimited], rig.Reasons);
        Assert.Equal(0, rig.Service.Service.Sources!.Measure(rig.Clock.NowMs).Open);
    }
}
