using System.Diagnostics.Metrics;
using L4Lb.Host.Telemetry;
using L4Lb.K8s.Provider;

namespace L4Lb.Host.Tests.Telemetry;

public sealed class ClusterInstrumentsTests
{
    [Fact]
    public async Task Those_who_wait_are_counted_by_reason_and_by_pools_that_there_are()
    {
        var counts = await PendingAsync(true, Waiting("", "NoPool"), Waiting("public", "PoolExhausted"), Waiting("public", "PoolExhausted"));

        Assert.Equal(["public|PoolExhausted=2", "|NoPool=1"], counts.Where(static c => !c.EndsWith("=0")).Order(StringComparer.Ordinal));
        Assert.Equal(11, counts.Count); // Each reason of the page, and "other", from the start.
    }

    [Fact]
    public async Task What_people_write_into_Services_makes_no_series()
    {
        WaitingService[] waiting = [.. Enumerable.Range(0, 1000).Select(static i => Waiting($"mistyped-{i}", $"Reason{i}"))];

        var counts = await PendingAsync(true, waiting);

        Assert.Equal(["|other=1000"], counts.Where(static c => !c.EndsWith("=0")));
        Assert.Equal(10, counts.Count);
    }

    [Fact]
    public async Task Who_stands_by_counts_nobody_so_that_a_sum_is_right() =>
        Assert.Empty(await PendingAsync(false, Waiting("public", "PoolExhausted")));

    private static WaitingService Waiting(string pool, string reason) => new(new("shop", "web"), pool, reason, "");

    private static async Task<List<string>> PendingAsync(bool isLeader, params WaitingService[] waiting)
    {
        await using var engine = await MeasuredEngine.StartAsync();
        var reading = engine.Source().Read() with { IsLeader = isLeader, Waiting = waiting, Pools = [new PoolUsage("public", 1, 1, 0, 0, [])] };
        using var meter = new Meter("test");
        using var listener = new MeterListener();
        var counts = new List<string>();
        var pending = ClusterInstruments.All.Single(static i => i.Name == "l4lb.pool.pending").Create(meter, () => reading);
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counts.Add($"{tags[0].Value}|{tags[1].Value}={value}"));
        listener.EnableMeasurementEvents(pending);
        listener.RecordObservableInstruments();
        return counts;
    }
}
