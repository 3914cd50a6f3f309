using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class FlowConnectorTests
{
    [Fact]
    public void A_socket_that_cannot_be_had_goes_on_to_the_next_backend()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Opens = static flow => flow.Backend!.Address.Port == 9001 ? Errno.ENETUNREACH : Errno.None;
        rig.Ask("a");

        Assert.Equal([(9002, "a")], rig.Sent);
        Assert.Equal((2, 2, 1), (rig.Flows[0].Attempts, rig.Counters.ConnectAttempts, rig.Counters.ConnectFailures));
        Assert.Equal((1, 0), (rig.Service[9001].Connects.FailedInARow, rig.Service[9001].Load.Active));
    }

    [Theory]
    [InlineData((int)Errno.ENETUNREACH, CloseReason.ConnectRefused, 2)]
    [InlineData((int)Errno.EMFILE, CloseReason.ResourceExhausted, 0)]
    [InlineData((int)Errno.EADDRNOTAVAIL, CloseReason.ResourceExhausted, 0)]
    public void It_is_told_why_there_is_none(int error, CloseReason reason, int blamed)
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Opens = _ => (Errno)error;
        rig.Ask("a");

        Assert.Equal([reason], rig.Reasons);
        Assert.Equal(blamed, rig.Counters.ConnectFailures);
        rig.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(FlowsFull.Shed, CloseReason.Shed)]
    [InlineData(FlowsFull.Refuse, CloseReason.ResourceExhausted)]
    public void When_ports_run_out_a_flow_makes_way_if_it_may(FlowsFull whenFull, CloseReason reason)
    {
        var rig = new FlowRig(FlowRig.Spec(new DatagramSpec { WhenFull = whenFull }, 9001, 9002));
        rig.Port.Opens = _ => rig.Port.Sockets.Count > 0 ? Errno.EADDRNOTAVAIL : Errno.None;
        rig.Ask("a");
        rig.Ask("b", "192.0.2.2:1");

        Assert.Equal([reason], rig.Reasons);
        Assert.Equal(whenFull == FlowsFull.Shed ? ["a", "b"] : ["a"], rig.Sent.Select(sent => sent.Text));
        Assert.Equal((1, 1, 1), (rig.Table.Count, rig.Admission.Flows, rig.Service.Service.Active));
        rig.Pass(30_000);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Full_backends_are_a_limit_and_no_backends_are_none()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002) with { Limits = new LimitSpec { BackendMaxSessions = 1 } });
        rig.Ask("a");
        rig.Ask("b", "192.0.2.2:1");
        rig.Ask("c", "192.0.2.3:1");
        Assert.Equal([CloseReason.LimitReached], rig.Reasons);

        rig.Port.Opens = static _ => Errno.ENETUNREACH;
        rig.Service.Put(ServiceRig.Spec53(9001, 9002, 9003) with { Limits = new LimitSpec { BackendMaxSessions = 1 } });
        rig.Ask("c", "192.0.2.3:1"); // One was tried: that is what counts.
        Assert.Equal(CloseReason.ConnectRefused, rig.Reasons.Last());

        rig.Service.Put(ServiceRig.Spec53());
        rig.Ask("c", "192.0.2.3:1");
        Assert.Equal(CloseReason.NoBackend, rig.Reasons.Last());
        rig.Table.EndAll(CloseReason.Drained);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Affinity_moves_to_who_answered()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002, 9003) with { Affinity = new AffinitySpec() });
        rig.Ask("a");
        rig.Answer("A");
        rig.Ask("b");
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);
        rig.Ask("c", "192.0.2.1:1001");
        Assert.Equal([9001, 9001, 9002, 9001], rig.Sent.Select(sent => sent.Backend)); // It has not answered.

        rig.Answer("B", rig.Flows[0]);
        rig.Ask("d", "192.0.2.1:1002");
        Assert.Equal(9002, rig.Sent[^1].Backend);
    }

    [Fact]
    public void A_full_backend_keeps_its_clients()
    {
        var spec = ServiceRig.Spec53(9001, 9002) with { Affinity = new AffinitySpec(), Limits = new LimitSpec { BackendMaxSessions = 1 } };
        var rig = new FlowRig(spec);
        rig.Ask("a");
        rig.Answer("A");
        rig.Ask("b", "192.0.2.1:1001");
        rig.Answer("B", rig.Flows[1]);
        rig.Table.EndAll(CloseReason.Drained);
        rig.Ask("c");

        Assert.Equal([9001, 9002, 9001], rig.Sent.Select(sent => sent.Backend));
    }

    [Fact]
    public void A_full_backend_that_fails_later_loses_its_client()
    {
        var spec = ServiceRig.Spec53(9001, 9002, 9003) with { Affinity = new AffinitySpec(), Limits = new LimitSpec { BackendMaxSessions = 1 } };
        var rig = new FlowRig(spec);
        rig.Ask("a");
        rig.Answer("A");
        rig.Ask("b", "192.0.2.1:1001");
        var flow = rig.Flows[1];
        Assert.Equal(9002, flow.Backend!.Address.Port); // Its own was full.
        rig.Table.End(rig.Flows[0], CloseReason.Drained);
        rig.Table.Unreachable(flow, Errno.ECONNREFUSED);
        Assert.Equal(9001, flow.Backend!.Address.Port);
        rig.Table.Unreachable(flow, Errno.ECONNREFUSED);
        rig.Answer("B", flow);
        rig.Table.EndAll(CloseReason.Drained);
        rig.Ask("c");

        Assert.Equal(9003, rig.Sent[^1].Backend);
    }

    [Fact]
    public void A_backend_that_drains_and_fails_is_not_tried_again()
    {
        var affinity = new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain };
        var spec = ServiceRig.Spec53(9001, 9002, 9003) with { Affinity = affinity };
        var rig = new FlowRig(spec);
        rig.Ask("a");
        rig.Answer("A");
        rig.Service.Put(spec with { Backends = [ServiceRig.At(9001, weight: 0), ServiceRig.At(9002), ServiceRig.At(9003)] });
        rig.Ask("b", "192.0.2.1:1001");
        rig.Table.Unreachable(rig.Flows[1], Errno.ECONNREFUSED);

        Assert.Equal([9001, 9001], rig.Sent.Take(2).Select(sent => sent.Backend));
        Assert.NotEqual(9001, rig.Sent[2].Backend);
        Assert.Equal("b", rig.Sent[2].Text);
    }

    [Fact]
    public void An_answer_is_proof_of_life_for_all()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        rig.Ask("a");
        rig.Answer("A");
        rig.Service[9001].Connects.AddFailure();
        rig.Ask("b");
        Assert.Equal(1, rig.Service[9001].Connects.FailedInARow);
        rig.Answer("B");
        rig.Answer("and more");

        Assert.Equal((0, 2L), (rig.Service[9001].Connects.FailedInARow, rig.Service[9001].Connects.Succeeded));
    }
}
