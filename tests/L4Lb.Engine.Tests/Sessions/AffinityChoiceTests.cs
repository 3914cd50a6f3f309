using System.Net;
using L4Lb.Engine.Affinity;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Sessions;

public sealed class AffinityChoiceTests
{
    private readonly AffinityTable _table = new(maxEntries: 100, timeoutMs: 10_000, seed: 1);
    private readonly Dictionary<AddressKey, Backend> _identities = [];
    private readonly SchedulerMemory _memory = new(seed: 1);
    private AffinitySpec _affinity = new();
    private int[] _weights = [1, 1, 1];

    [Fact]
    public void Without_affinity_the_scheduler_chooses()
    {
        var snapshot = Snapshot() with { Affinity = null };
        var pick = new SchedulePick(snapshot.Cluster.Scheduler, Flow("192.0.2.1"));

        Assert.Equal(AffinityChoice.None, AffinityChoice.Make(snapshot, snapshot.Cluster, Flow("192.0.2.1"), ref pick, nowMs: 0));
        Assert.Equal(0, pick.Count);
    }

    [Fact]
    public void A_stranger_gets_the_scheduler_s_choice_and_keeps_it()
    {
        Assert.Equal([0, 1, 2], new[] { 1, 2, 3 }.Select(host => Visit($"192.0.2.{host}").Choice.Preferred));

        var (again, pick) = Visit("192.0.2.2");
        Assert.Equal(new AffinityChoice(1, IsKept: true), again);
        Assert.Equal([0, 2], Rest(pick).Order());
    }

    [Fact]
    public void A_masked_network_shares_one_entry()
    {
        _affinity = new AffinitySpec { IPv4PrefixLength = 24, IPv6PrefixLength = 64 };

        Assert.Equal(0, Visit("192.0.2.1").Choice.Preferred);
        Assert.Equal(new AffinityChoice(0, IsKept: true), Visit("192.0.2.200").Choice);
        Assert.Equal(1, Visit("192.0.3.1").Choice.Preferred);
        Assert.Equal(2, Visit("2001:db8::1").Choice.Preferred);
        Assert.Equal(new AffinityChoice(2, IsKept: true), Visit("2001:db8::ffff").Choice);
        Assert.Equal(3, _table.Held);
    }

    [Fact]
    public void Rebalance_moves_the_client_of_a_draining_backend_at_once_and_for_good()
    {
        Assert.Equal(0, Visit("192.0.2.1").Choice.Preferred);

        _weights = [0, 1, 1];
        var moved = Visit("192.0.2.1").Choice;
        Assert.NotEqual(0, moved.Preferred);
        Assert.False(moved.IsKept);

        _weights = [1, 1, 1];
        Assert.Equal(moved with { IsKept = true }, Visit("192.0.2.1").Choice);
        Assert.Equal(1, _table.Counts.Moves);
    }

    [Theory]
    [InlineData("weight")]
    [InlineData("operator")]
    [InlineData("operator weight")]
    [InlineData("agent")]
    public void WaitForDrain_keeps_the_client_of_a_backend_that_drains_and_gives_it_to_nobody_else(string by)
    {
        _affinity = new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain };
        Assert.Equal(0, Visit("192.0.2.1").Choice.Preferred);
        Drain(0, by);

        var (choice, pick) = Visit("192.0.2.1");
        Assert.Equal(new AffinityChoice(0, IsKept: true), choice);
        Assert.Equal(0, pick.Count); // Both others are left to try, and count as left.
        Assert.Equal([1, 2], Rest(pick).Order());
        Assert.DoesNotContain(0, Enumerable.Range(2, 10).Select(host => Visit($"192.0.2.{host}").Choice.Preferred));
    }

    [Fact]
    public void WaitForDrain_does_not_wait_for_a_backend_that_is_down()
    {
        _affinity = new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain };
        foreach (var state in new[] { HealthState.Down, HealthState.Ejected, HealthState.Maintenance })
        {
            var kept = Visit("192.0.2.1").Choice.Preferred;
            _identities[At(kept)].Health = new HealthVerdict(state, null, default);

            Assert.NotEqual(kept, Visit("192.0.2.1").Choice.Preferred);
            _identities[At(kept)].Health = HealthVerdict.Unchecked;
        }
    }

    [Fact]
    public void WaitForDrain_does_not_wait_for_a_backend_that_is_removed()
    {
        _affinity = new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain };
        Visit("192.0.2.1");
        _table.Remember(Flow("192.0.2.1").Client.Address, At(9), nowMs: 0);

        Assert.False(Visit("192.0.2.1").Choice.IsKept);
        Assert.Equal(1, _table.Held);
    }

    [Fact]
    public void With_nobody_else_the_pool_is_open_to_those_who_wait_and_to_them_alone()
    {
        _affinity = new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain };
        Visit("192.0.2.1");
        _weights = [0, 0, 0];

        Assert.False(Snapshot().Cluster.IsEmpty);
        Assert.Equal(0, Visit("192.0.2.1").Choice.Preferred);
        Assert.Equal(AffinityChoice.None, Visit("192.0.2.2").Choice);

        _affinity = new AffinitySpec();
        Assert.True(Snapshot().Cluster.IsEmpty);
    }

    [Fact]
    public void When_nobody_is_left_the_entry_stays()
    {
        Visit("192.0.2.1");
        _weights = [0, 0, 0];

        Assert.Equal(AffinityChoice.None, Visit("192.0.2.1").Choice);
        _weights = [1, 1, 1];
        Assert.Equal(new AffinityChoice(0, IsKept: true), Visit("192.0.2.1").Choice);
    }

    [Fact]
    public void The_entry_moves_to_who_answered_unless_its_own_was_only_full()
    {
        var snapshot = Snapshot();
        var flow = Flow("192.0.2.1");
        var first = Visit("192.0.2.1").Choice;
        first.Settle(snapshot, flow, snapshot.Cluster[1], preferredWasFull: true, nowMs: 0);
        Assert.Equal(1, Visit("192.0.2.1").Choice.Preferred); // It had none before.

        var kept = Visit("192.0.2.1").Choice;
        kept.Settle(snapshot, flow, snapshot.Cluster[2], preferredWasFull: true, nowMs: 0);
        Assert.Equal(1, Visit("192.0.2.1").Choice.Preferred);

        kept.Settle(snapshot, flow, snapshot.Cluster[2], preferredWasFull: false, nowMs: 0);
        Assert.Equal(2, Visit("192.0.2.1").Choice.Preferred);
    }

    [Fact]
    public void A_session_agrees_with_one_that_was_quicker()
    {
        var snapshot = Snapshot();
        var slow = new SchedulePick(new Racing(snapshot.Cluster.Scheduler, () => Visit("192.0.2.1")), Flow("192.0.2.1"));

        // The other session's turn comes between the miss and the decision of this one.
        var choice = AffinityChoice.Make(snapshot, snapshot.Cluster, Flow("192.0.2.1"), ref slow, nowMs: 0);

        Assert.Equal(Visit("192.0.2.1").Choice.Preferred, choice.Preferred);
        Assert.Equal(0, choice.Preferred);
        Assert.Equal(1, _table.Held);
    }

    [Fact]
    public void A_hash_of_the_masked_address_chooses_for_strangers_and_for_those_whose_backend_is_gone()
    {
        _affinity = new AffinitySpec { IPv4PrefixLength = 24 };
        var hash = new LastOctets();
        var snapshot = Hashed(hash);
        var expected = hash.Next(Flow("192.0.2.0"), default, 0);
        Assert.NotEqual(hash.Next(Flow("192.0.2.1"), default, 0), expected); // The mask matters.

        Assert.Equal(expected, Make(snapshot, "192.0.2.1").Choice.Preferred);
        _table.Remember(Flow("192.0.2.0").Client.Address, At(9), nowMs: 0);
        var (choice, pick) = Make(snapshot, "192.0.2.1");
        Assert.Equal(expected, choice.Preferred);
        Assert.Equal([(expected + 1) % 3, (expected + 2) % 3], Rest(pick)); // The hash's order goes on.
    }

    [Fact]
    public void A_client_keeps_its_backend_whatever_the_hash_says()
    {
        _table.Remember(Flow("192.0.2.1").Client.Address, At(2), nowMs: 0);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(new AffinityChoice(2, IsKept: true), Make(Hashed(new LastOctets()), "192.0.2.1").Choice);
        }
    }

    [Fact]
    public void Choosing_allocates_nothing()
    {
        var snapshot = Snapshot();
        var flow = Flow("192.0.2.1");
        VisitBoth();

        var before = GC.GetAllocatedBytesForCurrentThread();
        VisitBoth();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void VisitBoth()
        {
            _table.Forget(flow.Client.Address);
            for (var i = 0; i < 2; i++)
            {
                var pick = new SchedulePick(snapshot.Cluster.Scheduler, flow);
                var choice = AffinityChoice.Make(snapshot, snapshot.Cluster, flow, ref pick, nowMs: 0);
                choice.Settle(snapshot, flow, snapshot.Cluster[choice.Preferred], preferredWasFull: false, nowMs: 0);
            }
        }
    }

    private void Drain(int index, string by)
    {
        switch (by)
        {
            case "weight":
                _weights[index] = 0;
                break;
            case "operator":
                _identities[At(index)].Override = new OperatorOverride(IsDrained: true, Weight: null);
                break;
            case "operator weight":
                _identities[At(index)].Override = new OperatorOverride(IsDrained: false, Weight: 0);
                break;
            default:
                _identities[At(index)].Health = HealthVerdict.Unchecked with { Drains = true };
                break;
        }
    }

    private (AffinityChoice Choice, SchedulePick Pick) Visit(string client) => Make(Snapshot(), client);

    private static (AffinityChoice Choice, SchedulePick Pick) Make(ServiceSnapshot snapshot, string client)
    {
        var pick = new SchedulePick(snapshot.Cluster.Scheduler, Flow(client));
        var choice = AffinityChoice.Make(snapshot, snapshot.Cluster, Flow(client), ref pick, nowMs: 0);
        return (choice, pick);
    }

    private static List<int> Rest(SchedulePick pick)
    {
        var rest = new List<int>();
        while (pick.MoveNext(nowMs: 0, out var index))
        {
            rest.Add(index);
        }

        return rest;
    }

    private ServiceSnapshot Snapshot()
    {
        var spec = new ServiceSpec
        {
            Key = new ServiceKey("default", "web", "tcp"),
            Backends = [.. _weights.Select((weight, i) => new BackendSpec { Address = At(i).ToIPEndPoint(), Weight = weight })],
            Affinity = _affinity,
        };
        foreach (var backend in spec.Backends)
        {
            _identities.TryAdd(AddressKey.From(backend.Address), new Backend(AddressKey.From(backend.Address)));
        }

        return SnapshotBuilder.Build(spec, _identities, _memory, _memory, _table);
    }

    private ServiceSnapshot Hashed(IScheduler hash)
    {
        var snapshot = Snapshot();
        Backend[] backends = [snapshot.Cluster[0], snapshot.Cluster[1], snapshot.Cluster[2]];
        return snapshot with { Cluster = new BackendPool(backends, [1, 1, 1], snapshot.Cluster.Scheduler, indexed: true) { Hash = hash } };
    }

    private static AddressKey At(int index) => AddressKey.FromIPv4(0x0A000000u + (uint)index, 80);

    private static FlowKey Flow(string client) =>
        new(AddressKey.From(IPAddress.Parse(client), 40000), AddressKey.FromIPv4(0x0A600001, 80));

    /// <summary>Lets something else happen before it picks.</summary>
    private sealed class Racing(IScheduler scheduler, Action before) : IScheduler
    {
        public string Name => scheduler.Name;

        public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
        {
            before();
            return scheduler.Next(in flow, in tried, nowMs);
        }
    }

    /// <summary>A hash whose order can be told: from the sum of the client's last octets upwards.</summary>
    private sealed class LastOctets : IScheduler
    {
        public string Name => "test";

        public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
        {
            for (var step = 0; step < 3; step++)
            {
                var index = (int)((ulong)(flow.Client.Address & 0xFF) + (ulong)step) % 3;
                if (!tried.Contains(index))
                {
                    return index;
                }
            }

            return -1;
        }
    }
}
