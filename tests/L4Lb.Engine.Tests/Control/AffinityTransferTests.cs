using L4Lb.Engine.Affinity;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Control;

public sealed class AffinityTransferTests
{
    private readonly AffinityTables _tables = new();

    [Fact]
    public void What_goes_out_comes_in_again_with_its_age()
    {
        var before = Entry("web", "http");
        Table(before).Remember(1, At(1), nowMs: 1000);
        Table(before).Remember(2, At(2), nowMs: 4000);

        var states = AffinityTransfer.Export([before], int.MaxValue, nowMs: 5000).ToArray();
        Assert.Equal(new ServiceKey("default", "web", "http"), Assert.Single(states).Key);
        Assert.Equal([4000L, 1000L], states[0].Entries.OrderBy(e => e.Client).Select(e => e.IdleMs));

        // Another process, whose clock begins anew.
        var after = Entry("web", "http", new AffinityTables());
        Assert.Equal(2, AffinityTransfer.Restore(states, [after], nowMs: 50));
        Assert.Equal(
            [new AffinityEntry(1, At(1), -3950), new AffinityEntry(2, At(2), -950)],
            Table(after).Snapshot(nowMs: 50).OrderBy(entry => entry.Client));
    }

    [Fact]
    public void Entries_of_backends_that_are_not_wanted_and_of_services_that_are_not_there_are_dropped()
    {
        var after = Entry("web", "http");
        AffinityTableState[] states =
        [
            new(after.Service.Key, [new(1, At(1), 0), new(2, At(77), 0), new(3, At(1) with { Port = 81 }, 0), new(4, At(2), 3_600_000)]),
            new(new ServiceKey("default", "gone", "http"), [new(5, At(1), 0)]),
        ];

        Assert.Equal(1, AffinityTransfer.Restore(states, [after, Entry("plain", "http", affinity: null)], nowMs: 0));
        Assert.Equal([1], Table(after).Snapshot(nowMs: 0).Select(e => (int)e.Client));
    }

    [Fact]
    public void A_table_of_a_whole_Service_is_one_and_wants_a_host_that_any_port_has()
    {
        var affinity = new AffinitySpec { Scope = AffinityScope.Service };
        ServiceEntry[] ports = [Entry("web", "http", affinity: affinity), Entry("web", "https", affinity: affinity, hosts: [3, 4])];
        Assert.Same(Table(ports[0]), Table(ports[1]));
        var key = new ServiceKey("default", "web", "");

        var restored = AffinityTransfer.Restore(
            [new(key, [new(1, At(1) with { Port = 7 }, 0), new(2, At(4), 0), new(3, At(5), 0)])], ports, nowMs: 0);

        Assert.Equal(2, restored);
        Assert.Equal(key, Assert.Single(AffinityTransfer.Export(ports, int.MaxValue, nowMs: 0)).Key);
    }

    [Fact]
    public void A_bounded_export_cuts_large_tables_and_leaves_small_ones_whole()
    {
        ServiceEntry[] entries = [Entry("large", "p"), Entry("small", "p"), Entry("middle", "p")];
        Fill(entries[0], 1000);
        Fill(entries[1], 10);
        Fill(entries[2], 50);

        var counts = AffinityTransfer.Export(entries, maxEntries: 300, nowMs: 1000).ToDictionary(s => s.Key.Name, s => s.Entries.Count);

        Assert.Equal((10, 50, 240), (counts["small"], counts["middle"], counts["large"]));
    }

    [Fact]
    public void Lookups_are_counted_over_all_tables()
    {
        ServiceEntry[] entries = [Entry("a", "p"), Entry("b", "p"), Entry("plain", "p", affinity: null)];
        Table(entries[0]).TryFind(1, 0, out _);
        Table(entries[1]).Remember(1, At(1), 0);
        Table(entries[1]).TryFind(1, 0, out _);

        Assert.Equal(2, AffinityTransfer.CountLookups(entries));
    }

    private static void Fill(ServiceEntry entry, int entries)
    {
        for (var client = 0; client < entries; client++)
        {
            Table(entry).Remember((UInt128)client, At(1), nowMs: client);
        }
    }

    private ServiceEntry Entry(string name, string port) => Entry(name, port, _tables);

    private static ServiceEntry Entry(string name, string port, AffinityTables tables) => Entry(name, port, tables, new AffinitySpec(), 1, 2);

    private ServiceEntry Entry(string name, string port, AffinitySpec? affinity, params int[] hosts) =>
        Entry(name, port, _tables, affinity, hosts.Length == 0 ? [1, 2] : hosts);

    private static ServiceEntry Entry(string name, string port, AffinityTables tables, AffinitySpec? affinity, params int[] hosts)
    {
        var spec = new ServiceSpec
        {
            Key = new ServiceKey("default", name, port),
            Backends = [.. hosts.Select(host => new BackendSpec { Address = At(host).ToIPEndPoint() })],
            Affinity = affinity is null ? null : affinity with { Timeout = TimeSpan.FromHours(1) },
        };
        var identities = spec.Backends.Select(b => AddressKey.From(b.Address)).ToDictionary(key => key, key => new Backend(key));
        var memory = new SchedulerMemory(1);
        var snapshot = SnapshotBuilder.Build(spec, identities, memory, memory, tables.Exchange(null, spec));
        return new ServiceEntry(new Service(spec.Key, snapshot, memory, memory), identities);
    }

    private static AffinityTable Table(ServiceEntry entry) => entry.Service.Snapshot.Affinity!;

    private static AddressKey At(int host) => AddressKey.FromIPv4(0x0A000000u + (uint)host, 80);
}
