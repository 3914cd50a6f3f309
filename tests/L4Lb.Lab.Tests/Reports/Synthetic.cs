using L4Lb.Lab.Measuring;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Tests.Reports;

/// <summary>Results that nobody simulated: made such that one knows what a report must say of them.</summary>
internal static class Synthetic
{
    public const string Yaml = "name: synthetic\ngroups:\n  - name: web # <b>\n    count: 19\n  - name: slow\n    count: 1\n";

    private static readonly string[] s_many =
    [
        "p2c", "lc", "wlc", "sed", "nq", "twos", "peak-ewma", "least-time", "swrr", "wrr", "rr", "random", "first", "fo", "ovf", "sh", "dh",
        "mh,table-size=65537,hash-on=source-port", "maglev", "ketama", "hrw", "lblc", "lblcr", "anchor", "bounded-load,factor=1.25",
    ];

    /// <summary>Load-aware p2c, blind rr with one slow backend in twenty, and random, worse still.</summary>
    public static LabResult Three(int seeds = 5) => Result(
    [
        Scheduler("rr", seeds, 22_000, slowShare: 1, maxQueue: 38), Scheduler("p2c", seeds, 9_000, slowShare: 0.2, maxQueue: 6),
        Scheduler("random", seeds, 30_000, slowShare: 1, maxQueue: 52, spread: 0.4),
    ]);

    /// <summary>As many as the catalog has.</summary>
    public static LabResult Many() =>
        Result([.. s_many.Select((name, i) => Scheduler(name, 3, 8_000 + (i * 1700), slowShare: i < 8 ? 0.3 : 1, maxQueue: 5 + (2 * i), changes: true))]);

    public static LabResult Result(IReadOnlyList<SchedulerResult> schedulers, double load = 0.8) => new(
        new Provenance("1.2.3", "l4lb lab simulate synthetic", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), 12.5, 2, 25_000_000),
        new ScenarioSummary("synthetic", "One backend in twenty is slow.", Yaml, 20, 2000, load, 60),
        schedulers);

    /// <summary>What a scheduler did under seeds 1, 2, …</summary>
    /// <param name="name">Its name.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="micros">Median latency at a healthy backend.</param>
    /// <param name="slowShare">What the slow backend gets of its due.</param>
    /// <param name="maxQueue">The most at a backend.</param>
    /// <param name="spread">How uneven the others are.</param>
    /// <param name="errors">Part of requests that fail.</param>
    /// <param name="changes">Whether the set changes, and clients come back.</param>
    /// <param name="mode">How it was found.</param>
    public static SchedulerResult Scheduler(
        string name, int seeds, double micros, double slowShare = 1, int maxQueue = 10, double spread = 0.05, double errors = 0,
        bool changes = false, LabMode mode = LabMode.Simulated) =>
        new(name, mode, [.. Enumerable.Range(1, seeds).Select(seed => Run((ulong)seed, micros, slowShare, maxQueue, spread, errors, changes))]);

    public static RunResult Run(
        ulong seed, double micros, double slowShare = 1, int maxQueue = 10, double spread = 0.05, double errors = 0, bool changes = false)
    {
        const int Requests = 20_000;
        var dice = new Random((int)seed);
        var (latency, waiting) = (new Histogram(), new Histogram());
        for (var i = 0; i < Requests; i++)
        {
            var isSlow = dice.NextDouble() < 0.05 * slowShare;
            var took = micros * Math.Exp(0.5 * Normal(dice)) * (isSlow ? 6 : 1);
            latency.Record(took);
            waiting.Record(took / 3);
        }

        return new RunResult(seed, Requests, Requests - (long)(errors * Requests), (long)(errors * Requests), (long)(2 * errors * Requests))
        {
            Latency = latency,
            Waiting = waiting,
            PickNanoseconds = 20 + (micros / 1000) + seed,
            Shares = new ShareResult(spread, 1 + (2 * spread), Math.Min(1 - spread, slowShare), 1.5, maxQueue,
                [.. Enumerable.Range(0, maxQueue).Select(k => Math.Exp(-10.0 * k / maxQueue))]),
            Backends = [.. Enumerable.Range(0, 20).Select(i => Backend(i, micros, slowShare, spread, dice))],
            Intervals = [.. Enumerable.Range(0, 60).Select(i => new IntervalResult(
                i, 333, 0, micros, micros * (3 + dice.NextDouble() + (i is > 20 and < 30 ? 2 : 0)), spread, 1 + (2 * spread) + (0.2 * dice.NextDouble()), 1.5,
                (maxQueue / 2) + dice.Next(maxQueue / 2), i is > 20 and < 30 ? 19 : 20))],
            Changes = changes ? [new ChangeResult(20, "web-3 left", slowShare, 0.05), new ChangeResult(30, "web-3 came back", slowShare, 0.05)] : [],
            Stickiness = changes ? new StickinessResult(10_000, (long)(10_000 * (1 - (slowShare * 0.9)))) : null,
        };
    }

    private static BackendResult Backend(int number, double micros, double slowShare, double spread, Random dice)
    {
        var isSlow = number == 19;
        var share = 0.05 * (isSlow ? slowShare : 1 + (spread * (dice.NextDouble() - 0.5) * 2));
        return new BackendResult(
            isSlow ? "slow-0" : $"web-{number}", 1, (long)(share * 20_000), share, 0.05, isSlow ? 0.95 : 0.7, isSlow ? 8 : 1.2, isSlow ? 30 : 6,
            isSlow ? micros * 18 : micros * (3 + (0.2 * dice.NextDouble())), 0);
    }

    private static double Normal(Random dice) => Math.Sqrt(-2 * Math.Log(1 - dice.NextDouble())) * Math.Cos(2 * Math.PI * dice.NextDouble());
}
