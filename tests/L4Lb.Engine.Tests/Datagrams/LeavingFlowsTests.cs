using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams;

/// <summary>Flows whose backend, listener or service is on its way out.</summary>
public sealed class LeavingFlowsTests
{
    private const string Client = "192.0.2.1:1000";
    private const string Other = "192.0.2.1:1001";

    [Fact]
    public void Until_the_snapshot_without_it_is_there_a_removed_backend_keeps_its_flows()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        rig.Ask("a");
        rig.Service.Reconcile(ServiceRig.Spec53(9002));
        rig.Ask("b");
        rig.Ask("c");
        Assert.Empty(rig.Reasons);

        rig.Service.Publish(ServiceRig.Spec53(9002));
        rig.Ask("d");

        Assert.Equal([(9001, "a"), (9001, "b"), (9001, "c"), (9002, "d")], rig.Sent);
        Assert.Equal([9001, 9002], rig.Flows.Select(flow => (int)flow.Backend!.Address.Port));
        rig.Table.EndAll(CloseReason.Drained);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Flows_of_a_backend_that_is_removed_end_and_the_next_datagram_picks_anew()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Ask("b", Other);
        var removed = Assert.Single(rig.Service.Put(ServiceRig.Spec53(9002)));
        rig.Ask("c"); // Before the flows are ended for it.
        rig.Answer("B", rig.Flows[1]);
        rig.Table.EndOf(removed, CloseReason.BackendRemoved);
        rig.Table.EndOf(rig.Service[9002], CloseReason.BackendRemoved);

        Assert.Equal([(9001, "a"), (9002, "b"), (9002, "c")], rig.Sent);
        Assert.Equal([CloseReason.BackendRemoved], rig.Reasons); // The one that was answered.
        rig.Pass(5000);
        Assert.Equal(Enumerable.Repeat(CloseReason.BackendRemoved, 3), rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void What_was_asked_of_a_backend_that_is_removed_is_still_answered()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        rig.Ask("a");
        var removed = Assert.Single(rig.Service.Put(ServiceRig.Spec53(9002)));
        rig.Table.EndOf(removed, CloseReason.BackendRemoved);
        rig.Ask("b");
        rig.Pass(4900);

        rig.Answer("A");
        Assert.Equal(["A"], rig.Replies.Select(reply => reply.Text));
        Assert.Equal([(9001, "a"), (9002, "b")], rig.Sent);
        Assert.Empty(rig.Reasons);
        rig.Pass(100);
        Assert.Equal([CloseReason.BackendRemoved], rig.Reasons);
        rig.Table.EndAll(CloseReason.Drained);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void A_flow_leaves_a_backend_that_is_down_unless_that_answers()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Ask("b", "192.0.2.2:1");
        rig.Ask("c", Other);
        rig.Answer("C", rig.Flows[2]);
        SetDown(rig, 9001);
        rig.Ask("d", Other); // It has answered.
        rig.Ask("e"); // It has not.
        rig.Ask("f", Other); // It owes an answer now.

        Assert.Equal([(9001, "d"), (9002, "e"), (9002, "f")], rig.Sent[3..]);
        Assert.Equal([CloseReason.BackendDown, CloseReason.BackendDown], rig.Reasons);
    }

    [Fact]
    public void A_flow_stays_with_a_backend_that_is_down_when_all_are()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        SetDown(rig, 9001);
        SetDown(rig, 9002);
        rig.Ask("b");

        Assert.Equal([(9001, "a"), (9001, "b")], rig.Sent);
        Assert.Empty(rig.Records);
    }

    [Fact]
    public void A_flow_of_a_listener_that_closes_gets_its_answer_and_ends()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        rig.Ask("a");
        rig.Ask("b", Other);
        rig.Ask("c", "192.0.2.2:1");
        rig.Answer("C", rig.Flows[2]);
        rig.Pass(1000);
        rig.Listener.IsClosing = true;
        rig.Table.Close(rig.Listener);
        Assert.Equal([CloseReason.Drained], rig.Reasons); // It awaits nothing.

        rig.Answer("A", rig.Flows[0]);
        rig.Pass(100);
        Assert.Equal(["C", "A"], rig.Replies.Select(reply => reply.Text));
        Assert.Equal(2, rig.Records.Count);
        rig.Pass(3800);
        Assert.Equal(1, rig.Table.Count);
        rig.Pass(100); // Five seconds after the question.
        Assert.Equal(Enumerable.Repeat(CloseReason.Drained, 3), rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Who_was_never_answered_for_long_expects_none_when_the_listener_closes()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        rig.Ask("a");
        rig.Pass(5000);
        rig.Ask("b");
        rig.Ask("c", Other);
        rig.Listener.IsClosing = true;
        rig.Table.Close(rig.Listener);
        rig.Pass(100);

        Assert.Equal([FlowRig.KeyOf(Client)], rig.Records.Select(record => record.Client));
        rig.Pass(4900);
        Assert.Equal([CloseReason.Drained, CloseReason.Drained], rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void What_comes_by_another_socket_is_not_for_the_flow_of_the_one_that_closes()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Listener.IsClosing = true;
        rig.Table.Close(rig.Listener);
        var opened = new DatagramListener(null, fd: 1, rig.Listener.Target);
        rig.Ask("b", listener: opened);
        rig.Answer("A", rig.Flows[0]);
        rig.Pass(100);

        Assert.Equal([(9001, "a"), (9002, "b")], rig.Sent);
        Assert.Equal(["A"], rig.Replies.Select(reply => reply.Text));
        Assert.Equal((0, 1), (rig.Listener.Flows, opened.Flows));
    }

    [Fact]
    public void What_comes_for_another_service_is_not_for_the_flow_of_the_one_before()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        rig.Ask("a");
        var other = new ServiceRig(ServiceRig.Spec53(9005) with { Key = new ServiceKey("default", "other", "dns") });
        rig.Listener.Target = FlowRig.TargetOf(other);
        rig.Ask("b");
        rig.Answer("A", rig.Flows[0]);

        Assert.Equal([(9001, "a"), (9005, "b")], rig.Sent);
        Assert.Equal([(Client, "A")], rig.Replies);
        Assert.Equal((1, 1), (rig.Service.Service.Active, other.Service.Active));
    }

    [Fact]
    public void Ending_the_flows_of_a_listener_touches_no_other()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        var second = new DatagramListener(null, fd: 1, rig.Listener.Target);
        rig.Ask("a");
        rig.Ask("b", Other, second);
        rig.Table.EndOf(rig.Listener, CloseReason.Killed);

        Assert.Equal([FlowRig.KeyOf(Client)], rig.Records.Select(record => record.Client));
        Assert.Equal((0, 1, 1), (rig.Listener.Flows, second.Flows, rig.Table.Count));
    }

    private static void SetDown(FlowRig rig, int port)
    {
        rig.Service[port].Health = new HealthVerdict(HealthState.Down, null, default);
        rig.Service.Publish(rig.Service.Spec);
    }
}
