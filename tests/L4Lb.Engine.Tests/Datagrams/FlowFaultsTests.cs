using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class FlowFaultsTests
{
    [Fact]
    public void The_first_unanswered_datagram_goes_to_the_next_backend()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Ask("b");
        var flow = rig.Flows[0];
        rig.Table.Unreachable(flow, Errno.ECONNREFUSED);
        rig.Ask("c");
        rig.Answer("A");

        Assert.Equal([(9001, "a"), (9001, "b"), (9002, "a"), (9002, "c")], rig.Sent);
        Assert.Equal((1, 2, 1), (rig.Counters.DatagramsResent, flow.Attempts, rig.Counters.ConnectFailures));
        Assert.Equal((0, 1), (rig.Service[9001].Load.Active, rig.Service[9002].Load.Active));
        Assert.Equal((1, 0, 1L), (rig.Service[9001].Connects.FailedInARow, rig.Table.Kept.Rented, rig.Service[9002].Connects.Succeeded));
        Assert.Same(flow, Assert.Single(rig.Flows));
    }

    [Fact]
    public void A_socket_may_tell_of_it_with_the_next_send()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        rig.Port.FlushAll();
        rig.Port.Sockets[0].Pending = Errno.ECONNREFUSED;
        rig.Ask("b");
        rig.Ask("c");
        rig.Port.FlushAll();

        Assert.Equal([(9001, "a"), (9002, "a"), (9002, "b"), (9002, "c")], rig.Sent);
    }

    [Fact]
    public void What_was_never_sent_is_not_sent_twice()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002)) { Sends = static port => port == 9001 ? Errno.ENETUNREACH : Errno.None };
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        rig.Ask("b");
        rig.Port.FlushAll();

        Assert.Equal([(9002, "a"), (9002, "b")], rig.Sent);
        Assert.Equal(0, rig.Counters.DatagramsResent);
    }

    [Fact]
    public void What_waits_while_an_answer_comes_still_finds_another_backend()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        rig.Port.FlushAll();
        rig.Ask("b");
        rig.Answer("A");
        rig.Port.Sockets[0].Pending = Errno.ECONNREFUSED;
        rig.Port.FlushAll();

        Assert.Equal([(9001, "a"), (9002, "b")], rig.Sent);
        Assert.Empty(rig.Records);
    }

    [Fact]
    public void A_stray_answer_does_not_take_the_copy_of_what_waits()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        rig.Port.FlushAll();
        rig.Answer("A");
        rig.Ask("b");
        rig.Answer("A again");
        rig.Port.FlushAll();
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);

        Assert.Equal([(9001, "a"), (9001, "b"), (9002, "b")], rig.Sent);
    }

    [Fact]
    public void Every_backend_is_tried_once_and_no_more_than_so_many()
    {
        foreach (var (attempts, tried) in new[] { (1, 1), (2, 2), (3, 3), (8, 4) })
        {
            var spec = ServiceRig.Spec53(9001, 9002, 9003, 9004);
            var rig = new FlowRig(spec with { Timeouts = spec.Timeouts with { ConnectAttempts = attempts } });
            rig.Ask("a");
            for (var i = 1; i <= tried; i++)
            {
                Assert.Equal((i, 0), (rig.Sent.Count, rig.Records.Count));
                rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);
            }

            Assert.Equal(tried, rig.Sent.Select(sent => sent.Backend).Distinct().Count());
            Assert.Equal((CloseReason.ConnectRefused, tried), (rig.Records[0].Reason, rig.Records[0].Attempts));
            rig.AssertNothingIsLeft();
        }
    }

    [Fact]
    public void One_that_failed_may_be_tried_again_after_an_answer()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);
        rig.Answer("A");
        rig.Ask("b");
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);

        Assert.Equal([(9001, "a"), (9002, "a"), (9002, "b"), (9001, "b")], rig.Sent);
    }

    [Fact]
    public void A_flow_with_nothing_to_send_again_is_over()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Answer("A");
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);

        Assert.Equal([CloseReason.BackendReset], rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void Nothing_is_kept_where_nothing_may_be_sent_again()
    {
        foreach (var spec in new[] { FlowRig.Spec(new DatagramSpec { Resend = false }, 9001, 9002), ServiceRig.Spec53(9001) })
        {
            var rig = new FlowRig(spec);
            rig.Ask("a");
            Assert.Equal(0, rig.Table.Kept.Rented);
            rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);

            Assert.Equal([(9001, "a")], rig.Sent);
            Assert.Equal([CloseReason.ConnectRefused], rig.Reasons);
            rig.AssertNothingIsLeft();
        }
    }

    [Fact]
    public void What_nobody_waits_for_any_more_is_not_sent_again()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Ask("a");
        rig.Pass(KeptDatagrams.LifetimeMs + 1);
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);
        rig.Ask("b");

        Assert.Equal([(9001, "a"), (9002, "b")], rig.Sent);
        Assert.Equal(0, rig.Counters.DatagramsResent);
    }

    [Theory]
    [InlineData((int)Errno.ENOBUFS)]
    [InlineData((int)Errno.EAGAIN)]
    [InlineData((int)Errno.EMSGSIZE)]
    public void Want_of_our_own_costs_a_datagram_and_nobody_is_blamed(int number)
    {
        var error = (Errno)number;
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Defers = static () => true;
        rig.Ask("ab|cd|e");
        rig.Ask("f");
        rig.Sends = _ => rig.Sent.Count == 0 && rig.Counters.DatagramsFromClients == 4 && rig.Flows[0].Unsent == 4 ? error : Errno.None;
        rig.Port.FlushAll();
        rig.Table.Unreachable(rig.Flows[0], error); // Says nothing of the backend either.

        Assert.Equal([(9001, "f")], rig.Sent);
        Assert.Equal((1, 1), (rig.Flows[0].Requests, rig.Flows[0].BytesFromClient));
        Assert.Equal(3, error == Errno.EMSGSIZE ? rig.Counters.DatagramsOversized : rig.Counters.DatagramsDropped);
        Assert.Equal(4, rig.Counters.DatagramsFromClients); // A counter never goes back.
        Assert.Equal((0, 0), (rig.Counters.ConnectFailures, rig.Table.Kept.Rented));
    }

    [Fact]
    public void The_copy_of_a_later_datagram_outlives_an_earlier_one_that_is_lost()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        rig.Port.FlushAll();
        rig.Ask("b"); // Waits; the copy is that of the one before.
        rig.Answer("A");
        rig.Ask("c");
        rig.Sends = _ => rig.Flows[0].Unsent == 2 ? Errno.ENOBUFS : Errno.None;
        rig.Port.FlushAll();
        rig.Sends = static _ => Errno.None;
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);

        Assert.Equal([(9001, "a"), (9001, "c"), (9002, "c")], rig.Sent);
    }

    [Fact]
    public void What_a_flow_that_is_over_still_held_counts_as_dropped()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001)) { Sends = static _ => Errno.EHOSTUNREACH };
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        rig.Ask("b");
        rig.Port.FlushAll();

        Assert.Equal((2, 0L), (rig.Counters.DatagramsDropped, rig.Records[0].Requests));
        Assert.Equal([CloseReason.ConnectRefused], rig.Reasons);
        rig.AssertNothingIsLeft();
    }

    [Fact]
    public void A_copy_that_cannot_be_sent_goes_on_to_the_next()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002, 9003));
        rig.Ask("a");
        rig.Sends = static port => port == 9002 ? Errno.EHOSTUNREACH : Errno.None;
        rig.Table.Unreachable(rig.Flows[0], Errno.ECONNREFUSED);

        Assert.Equal([(9001, "a"), (9003, "a")], rig.Sent);
        Assert.Equal((1, 2), (rig.Counters.DatagramsResent, rig.Counters.ConnectFailures));
    }

    [Fact]
    public void A_flow_that_ends_may_fail_in_its_last_send()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001, 9002));
        rig.Port.Defers = static () => true;
        rig.Ask("a");
        rig.Ask("b", "192.0.2.2:1");
        rig.Sends = static _ => Errno.ECONNREFUSED;
        rig.Table.EndAll(CloseReason.Drained);
        Assert.Equal([CloseReason.ConnectRefused, CloseReason.ConnectRefused], rig.Reasons);
        rig.AssertNothingIsLeft();

        rig.Sends = static port => port == 9001 ? Errno.ECONNREFUSED : Errno.None;
        rig.Ask("c");
        rig.Ask("d");
        rig.Table.EndAll(CloseReason.Drained);
        Assert.Equal([(9002, "c"), (9002, "d")], rig.Sent);
        Assert.Equal(CloseReason.Drained, rig.Reasons.Last());
        rig.AssertNothingIsLeft();
    }
}
