using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Affinity;

public sealed class AffinityTableTests
{
    private const long TimeoutMs = 1000;

    private static readonly AddressKey s_a = AddressKey.FromIPv4(0x0A000001, 80);
    private static readonly AddressKey s_b = AddressKey.FromIPv4(0x0A000002, 8080);

    [Fact]
    public void A_stranger_keeps_nothing() => Assert.False(Table().TryFind(1, 0, out _));

    [Fact]
    public void A_client_keeps_what_it_was_given()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(2, s_b, nowMs: 0);

        Assert.Equal(s_a, Find(table, 1, nowMs: 10));
        Assert.Equal(s_b, Find(table, 2, nowMs: 10));
    }

    [Fact]
    public void The_later_backend_replaces_the_earlier()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(1, s_b, nowMs: 10);

        Assert.Equal(s_b, Find(table, 1, nowMs: 20));
        Assert.Equal(1, table.Count(nowMs: 20));
    }

    [Fact]
    public void An_entry_expires_after_the_timeout()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(2, s_a, nowMs: 0);

        Assert.Equal(s_a, Find(table, 1, nowMs: TimeoutMs - 1));
        Assert.Null(Find(table, 2, nowMs: TimeoutMs));
    }

    [Fact]
    public void A_hit_renews_the_time()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);

        for (var nowMs = 0L; nowMs < 10 * TimeoutMs; nowMs += TimeoutMs - 1)
        {
            Assert.Equal(s_a, Find(table, 1, nowMs));
        }
    }

    [Fact]
    public void A_shard_whose_clock_lags_takes_no_time_away()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 500);

        Assert.Equal(s_a, Find(table, 1, nowMs: 498));
        Assert.Equal(s_a, Find(table, 1, nowMs: 500 + TimeoutMs - 1));
    }

    [Fact]
    public void A_changed_timeout_holds_for_entries_that_exist()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);
        table.TimeoutMs = 10 * TimeoutMs;
        Assert.Equal(s_a, Find(table, 1, nowMs: 5 * TimeoutMs));

        table.TimeoutMs = 1;
        Assert.Null(Find(table, 1, nowMs: (5 * TimeoutMs) + 1));
    }

    [Fact]
    public void A_forgotten_client_keeps_nothing()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);

        Assert.True(table.Forget(1));
        Assert.False(table.Forget(1));
        Assert.Null(Find(table, 1, nowMs: 0));
        Assert.Equal(0, table.Count(nowMs: 0));
    }

    [Fact]
    public void At_the_bound_the_least_recently_used_goes()
    {
        var table = Table(maxEntries: 3);
        table.Remember(1, s_a, nowMs: 1);
        table.Remember(2, s_a, nowMs: 2);
        table.Remember(3, s_a, nowMs: 3);
        Find(table, 1, nowMs: 4);

        table.Remember(4, s_a, nowMs: 5);

        Assert.Equal([4, 1, 3], Clients(table, nowMs: 5));
    }

    [Fact]
    public void A_table_of_one_entry_works()
    {
        var table = Table(maxEntries: 1);
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(2, s_b, nowMs: 0);

        Assert.Equal([2], Clients(table, nowMs: 0));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_007)]
    public void Never_holds_more_than_the_bound(int maxEntries)
    {
        var table = Table(maxEntries);
        for (var client = 0; client < 3 * maxEntries; client++)
        {
            table.Remember((UInt128)client, s_a, nowMs: 0);
        }

        Assert.InRange(table.Count(nowMs: 0), maxEntries - 7, maxEntries);
    }

    [Fact]
    public void Expired_entries_make_room_before_live_ones()
    {
        var table = Table(maxEntries: 2);
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(2, s_a, nowMs: 900);

        table.Remember(3, s_a, nowMs: TimeoutMs);

        Assert.Equal([3, 2], Clients(table, nowMs: TimeoutMs));
    }

    [Fact]
    public void Sweeping_reclaims_what_expired_and_no_more_than_asked()
    {
        var table = Table(maxEntries: 5000);
        for (var client = 0; client < 4000; client++)
        {
            table.Remember((UInt128)client, s_a, nowMs: client < 1500 ? 0 : 10);
        }

        Assert.Equal(0, table.Sweep(nowMs: TimeoutMs - 1));
        Assert.Equal(700, table.Sweep(nowMs: TimeoutMs, maxEntries: 700));
        Assert.Equal(800, table.Sweep(nowMs: TimeoutMs));
        Assert.Equal(2500, table.Count(nowMs: TimeoutMs));
    }

    [Fact]
    public void A_snapshot_shows_live_entries_up_to_a_maximum()
    {
        var table = Table();
        table.Remember(1, s_a, nowMs: 0);
        table.Remember(2, s_b, nowMs: 500);
        table.Remember(3, s_b, nowMs: 600);

        Assert.Equal(
            [new AffinityEntry(3, s_b, 600), new AffinityEntry(2, s_b, 500)], table.Snapshot(nowMs: TimeoutMs));
        Assert.Equal([3], table.Snapshot(nowMs: 700, maxEntries: 1).Select(entry => (int)entry.Client));
    }

    [Theory]
    [InlineData(100, 10_000)]
    [InlineData(10_000, 100)]
    [InlineData(10_000, 8_500)]
    [InlineData(200, 100)]
    public void Resizing_keeps_the_most_recently_used(int before, int after)
    {
        var table = Table(before);
        for (var client = 0; client < before; client++)
        {
            table.Remember((UInt128)client, s_a, nowMs: client / 100);
        }

        int[] held = [.. Clients(table, nowMs: 100).Order()];
        table.Resize(after);
        int[] kept = [.. Clients(table, nowMs: 100).Order()];

        Assert.Equal(after, table.MaxEntries);
        Assert.True(kept.Length <= after);
        if (after < 1024 || after > before)
        {
            Assert.Equal(held.TakeLast(after), kept);
        }

        table.Remember(77_777, s_b, nowMs: 100);
        Assert.Equal(s_b, Find(table, 77_777, nowMs: 100));
    }

    [Fact]
    public void Refuses_senseless_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Table(maxEntries: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Table().TimeoutMs = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => Table().Resize(0));
    }

    [Fact]
    public void A_hit_a_miss_and_a_replacement_allocate_nothing()
    {
        var table = Table(maxEntries: 4096);
        UseAll(table, nowMs: 0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        UseAll(table, nowMs: 1);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Memory_is_taken_as_entries_come()
    {
        Table(maxEntries: 65536);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = Table(maxEntries: 65536);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2000);

        // 64 bytes an entry and 4 a bucket; growth by doubling takes twice that in all, and array headers.
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var client = 0; client < 65536 * 2; client++)
        {
            table.Remember((UInt128)client, s_a, nowMs: 0);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 65536 * 68, 65536 * 69 * 2);
    }

    private static void UseAll(AffinityTable table, long nowMs)
    {
        for (var client = 0; client < 100; client++)
        {
            table.Remember((UInt128)client, s_a, nowMs);
            table.TryFind((UInt128)client, nowMs, out _);
            table.TryFind((UInt128)client + 1000, nowMs, out _);
        }
    }

    private static AffinityTable Table(int maxEntries = 100) => new(maxEntries, TimeoutMs, seed: 1);

    private static AddressKey? Find(AffinityTable table, UInt128 client, long nowMs) =>
        table.TryFind(client, nowMs, out var backend) ? backend : null;

    private static IEnumerable<int> Clients(AffinityTable table, long nowMs) =>
        table.Snapshot(nowMs).Select(entry => (int)entry.Client);
}
