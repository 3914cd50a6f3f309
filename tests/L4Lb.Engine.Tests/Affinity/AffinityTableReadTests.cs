using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Affinity;

/// <summary>A table read in parts while it is used.</summary>
public sealed class AffinityTableReadTests
{
    private const int Clients = 100_000;
    private const long TimeoutMs = 1000;

    private static readonly AddressKey s_backend = AddressKey.FromIPv4(0x0A000001, 80);

    [Theory]
    [InlineData(1_000)]
    [InlineData(7_777)]
    [InlineData(Clients)]
    public void Who_is_there_from_first_to_last_is_seen_once_whatever_happens_between(int most)
    {
        var table = Table();
        var random = new Random(most);
        var seen = new List<UInt128>();
        var newcomers = (UInt128)Clients;
        long position = 0;
        do
        {
            var part = new List<AffinityEntry>();
            position = table.Read(part, nowMs: 1, position, most);
            Assert.InRange(part.Count, 1, most);
            seen.AddRange(part.Select(static entry => entry.Client));
            for (var i = 0; i < 500; i++)
            {
                table.TryFind((UInt128)random.Next(Clients), nowMs: 1, out _); // Another order of use.
                table.Remember(newcomers++, s_backend, nowMs: 1);
            }
        }
        while (position != 0);

        Assert.Equal(Clients, seen.Count(static client => client < Clients));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public void A_part_costs_what_it_has()
    {
        var table = Table();
        var position = table.Read([], nowMs: 1, 0, Clients / 2);
        var part = new List<AffinityEntry>(500);

        var before = GC.GetAllocatedBytesForCurrentThread();
        table.Read(part, nowMs: 1, position, 500);

        Assert.Equal((500, 0), (part.Count, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Fact]
    public void Those_whose_time_is_over_and_those_who_left_are_not_in_it()
    {
        var table = Table();
        for (var client = 0; client < Clients; client += 2)
        {
            table.Forget((UInt128)client);
        }

        table.Remember(1, s_backend, nowMs: TimeoutMs);
        var part = new List<AffinityEntry>();

        Assert.Equal(0, table.Read(part, nowMs: TimeoutMs, 0, Clients));
        Assert.Equal([1], part.Select(static entry => (int)entry.Client));
    }

    [Fact]
    public void Beyond_the_end_there_is_nothing()
    {
        var part = new List<AffinityEntry>();

        Assert.Equal(0, Table().Read(part, nowMs: 1, (1L << AffinityTable.PositionBits) - 1, 10));
        Assert.Empty(part);
    }

    private static AffinityTable Table()
    {
        var table = new AffinityTable(Clients * 4, TimeoutMs, seed: 1);
        for (var client = 0; client < Clients; client++)
        {
            table.Remember((UInt128)client, s_backend, nowMs: 0);
        }

        return table;
    }
}
