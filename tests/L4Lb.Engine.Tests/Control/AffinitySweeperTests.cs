using L4Lb.Engine.Affinity;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Control;

public sealed class AffinitySweeperTests
{
    private const int Most = AffinitySweeper.EntriesPerTurn;

    [Fact]
    public void A_turn_empties_every_table_whose_entries_expired()
    {
        AffinityTable[] tables = [Table(10), Table(0), Table(20)];
        tables[2].Remember(99_999, default, nowMs: 900);

        Assert.Equal(30, new AffinitySweeper().Sweep(tables, nowMs: 1000));
        Assert.Equal([0, 0, 1], tables.Select(table => table.Held));
        Assert.Equal(0, tables[0].Room);
    }

    [Fact]
    public void A_turn_has_a_bound_and_the_next_goes_on_from_there()
    {
        var sweeper = new AffinitySweeper();
        AffinityTable[] tables = [Table(1000), Table(Most), Table(1000)];

        Assert.Equal(Most, sweeper.Sweep(tables, nowMs: 1000));
        Assert.Equal([0, 1000, 1000], tables.Select(table => table.Held));

        // The first has new ones that expired by then, but it is not its turn.
        Fill(tables[0], Most);
        Assert.Equal(Most, sweeper.Sweep(tables, nowMs: 1000));
        Assert.Equal([2000, 0, 0], tables.Select(table => table.Held));
        Assert.Equal(2000, sweeper.Sweep(tables, nowMs: 1000));
    }

    [Fact]
    public void Tables_may_come_and_go_between_turns()
    {
        var sweeper = new AffinitySweeper();
        sweeper.Sweep([Table(1), Table(1), Table(1), Table(Most)], nowMs: 1000);

        Assert.Equal(5, sweeper.Sweep([Table(5)], nowMs: 1000));
        Assert.Equal(0, sweeper.Sweep([], nowMs: 1000));
    }

    private static AffinityTable Table(int entries)
    {
        var table = new AffinityTable(Most * 2, timeoutMs: 1000, seed: 1);
        Fill(table, entries);
        return table;
    }

    private static void Fill(AffinityTable table, int entries)
    {
        for (var client = 0; client < entries; client++)
        {
            table.Remember((UInt128)client, AddressKey.FromIPv4(1, 80), nowMs: 0);
        }
    }
}
