using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Affinity;

/// <summary>What a table counts, and what it gives back.</summary>
public sealed class AffinityTableCountsTests
{
    private const long TimeoutMs = 1000;

    private static readonly AddressKey s_a = AddressKey.FromIPv4(0x0A000001, 80);
    private static readonly AddressKey s_b = AddressKey.FromIPv4(0x0A000002, 80);

    [Fact]
    public void A_lookup_is_a_hit_or_a_miss()
    {
        var table = Table();
        table.TryFind(1, 0, out _);
        table.Remember(1, s_a, nowMs: 0);
        table.TryFind(1, 0, out _);
        table.TryFind(1, 10, out _);
        table.TryFind(2, 10, out _);

        Assert.Equal((2L, 2L), (table.Counts.Hits, table.Counts.Misses));
    }

    [Fact]
    public void Deciding_what_a_lookup_missed_is_no_lookup_of_its_own()
    {
        var table = Table();
        table.TryFind(1, 0, out _);
        table.FindOrRemember(1, s_a, gone: default, nowMs: 0);
        table.FindOrRemember(1, s_b, gone: default, nowMs: 0);

        Assert.Equal((0L, 1L, 0L), (table.Counts.Hits, table.Counts.Misses, table.Counts.Moves));
    }

    [Fact]
    public void Only_another_backend_is_a_move()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(1, s_a, nowMs: 1);
        Assert.Equal(0, table.Counts.Moves);

        table.Remember(1, s_b, nowMs: 2);
        table.Remember(1, s_b with { Port = 81 }, nowMs: 3);
        table.FindOrRemember(1, s_a, gone: s_b with { Port = 81 }, nowMs: 4);

        Assert.Equal(3, table.Counts.Moves);
    }

    [Fact]
    public void An_eviction_ends_a_live_entry_and_an_expiration_a_dead_one()
    {
        var table = Table(maxEntries: 2);
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(2, s_a, nowMs: 500);
        table.Remember(3, s_a, nowMs: 500);
        Assert.Equal((1L, 0L), (table.Counts.Evictions, table.Counts.Expirations));

        table.Remember(4, s_a, nowMs: 1500);
        table.TryFind(4, 2500, out _);
        Assert.Equal((1L, 3L), (table.Counts.Evictions, table.Counts.Expirations));
    }

    [Fact]
    public void A_smaller_bound_evicts_and_another_number_of_stripes_loses_no_count()
    {
        var table = Table(maxEntries: 10_000);
        for (var client = 0; client < 3000; client++)
        {
            table.TryFind((UInt128)client, 0, out _);
            table.Remember((UInt128)client, s_a, nowMs: client / 10);
        }

        table.Resize(100);

        Assert.Equal((3000L, 2900L, 100), (table.Counts.Misses, table.Counts.Evictions, table.Held));
    }

    [Fact]
    public void What_was_kept_and_is_gone_is_replaced_once()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);

        Assert.Equal(s_b, table.FindOrRemember(1, s_b, gone: s_a, nowMs: 1));
        Assert.Equal(s_b, table.FindOrRemember(1, s_b with { Port = 81 }, gone: s_a, nowMs: 1)); // The second session agrees.
    }

    [Fact]
    public void Sweeping_gives_memory_back_and_keeps_who_is_left_in_order()
    {
        var table = Table(maxEntries: 1000);
        for (var client = 0; client < 1000; client++)
        {
            table.Remember((UInt128)client, s_a, nowMs: client < 900 ? 0 : 500);
        }

        Assert.Equal(1000, table.Room);
        Assert.Equal(900, table.Sweep(nowMs: TimeoutMs));
        Assert.Equal((100, 200), (table.Held, table.Room));
        Assert.Equal(Enumerable.Range(900, 100).Reverse(), table.Snapshot(TimeoutMs).Select(entry => (int)entry.Client));
        table.Remember(7, s_b, nowMs: TimeoutMs);
        Assert.Equal(101, table.Export(TimeoutMs).Count);

        table.Sweep(nowMs: 10 * TimeoutMs);
        Assert.Equal((0, 0), (table.Held, table.Room));
        table.Remember(8, s_b, nowMs: 10 * TimeoutMs);
        Assert.True(table.TryFind(8, 10 * TimeoutMs, out _));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(20_000)]
    public void An_export_has_every_live_entry_and_an_import_restores_it_with_its_age(int maxEntries)
    {
        var table = Table(maxEntries);
        for (var client = 0; client < maxEntries / 2; client++)
        {
            table.Remember((UInt128)client, client % 2 == 0 ? s_a : s_b, nowMs: client % 500);
        }

        table.Forget(3);
        table.Forget((UInt128)(maxEntries / 4) + 1);
        var exported = table.Export(nowMs: 1200); // Used at 200 or before: expired.
        Assert.Equal(table.Snapshot(nowMs: 1200).Order(ByClient), exported.Order(ByClient));

        var other = new AffinityTable(maxEntries, TimeoutMs, seed: 2);
        Assert.Equal(exported.Count, other.Import(exported, nowMs: 1200));
        Assert.Equal(exported.Order(ByClient), other.Snapshot(nowMs: 1200).Order(ByClient));
        Assert.Equal(exported.Count(entry => entry.UsedMs > 400), other.Count(nowMs: 1400));
    }

    [Fact]
    public void A_bounded_export_has_the_most_recently_used()
    {
        var table = Table(maxEntries: 10_000);
        for (var client = 0; client < 5000; client++)
        {
            table.Remember((UInt128)client, s_a, nowMs: client / 10);
        }

        var exported = table.Export(nowMs: 500, maxEntries: 100);

        Assert.Equal(Enumerable.Range(4900, 100), exported.Select(entry => (int)entry.Client).Order());
    }

    [Fact]
    public void An_import_drops_what_expired_and_lets_nobody_live_longer_than_a_new_one()
    {
        var table = Table();
        var kept = table.Import([new(1, s_a, UsedMs: 0), new(2, s_a, UsedMs: 1), new(3, s_b, UsedMs: 99_999)], nowMs: 1000);

        Assert.Equal(2, kept);
        Assert.Equal([(3, 1000L), (2, 1L)], table.Snapshot(nowMs: 1000).Select(entry => ((int)entry.Client, entry.UsedMs)));
    }

    private static Comparer<AffinityEntry> ByClient { get; } = Comparer<AffinityEntry>.Create((a, b) => a.Client.CompareTo(b.Client));

    private static AffinityTable Table(int maxEntries = 100) => new(maxEntries, TimeoutMs, seed: 1);
}
