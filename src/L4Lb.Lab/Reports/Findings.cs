using L4Lb.Lab.Measuring;
using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>A result as reports need it: ranked, seeds joined, and every scheduler with one look in all charts. Immutable.</summary>
internal sealed class Findings
{
    /// <summary>The scheduler that a service has when nobody chooses another.</summary>
    public const string DefaultScheduler = "rr";

    /// <summary>Joins and ranks.</summary>
    public Findings(LabResult result)
    {
        Found = result;
        Ranking = Ranking.Main(result);
        var styles = StylesOf(Ranking);
        Entries = [.. Ranking.Entries.Select(e => new Entry(e, styles.TryGetValue(e.Name, out var style) ? style : null))];
        Default = Entries.FirstOrDefault(static e => e.Name == DefaultScheduler);
    }

    /// <summary>What was found.</summary>
    public LabResult Found { get; }

    /// <summary>The order of the main mode.</summary>
    public Ranking Ranking { get; }

    /// <summary>The schedulers of the main mode, best first.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>The best.</summary>
    public Entry First => Entries[0];

    /// <summary>The scheduler that everybody has who chose none; null when it did not take part.</summary>
    public Entry? Default { get; }

    /// <summary>The most runs that a scheduler has.</summary>
    public int Seeds => Entries.Max(static e => e.Runs.Count);

    /// <summary>Those that charts with room for few show, best first.</summary>
    public IEnumerable<Entry> Shown => Entries.Where(static e => e.Style is not null);

    /// <summary>
    /// Where there are more than can be told apart: the best, the one that others are compared with, the last, and then by rank.
    /// </summary>
    private static Dictionary<string, int> StylesOf(Ranking ranking)
    {
        var names = ranking.Entries.Select(static e => e.Name).ToList();
        IEnumerable<string> wanted = names.Count <= Palette.Count
            ? names
            : names.Where(static n =>
                n == DefaultScheduler).Prepend(names[0]).Append(names[^1]).Concat(names).Distinct().Take(Palette.Count);
        return wanted.OrderBy(names.IndexOf).Index().ToDictionary(static p => p.Item, static p => p.Index, StringComparer.Ordinal);
    }
}

/// <summary>A scheduler of the main mode.</summary>
/// <param name="Ranked">In its place.</param>
/// <param name="Style">Its look in charts; null when it is one of the others.</param>
internal sealed record Entry(RankedScheduler Ranked, int? Style)
{
    /// <summary>Its name, with parameters.</summary>
    public string Name => Ranked.Name;

    /// <summary>What it did.</summary>
    public SchedulerResult Found => Ranked.Found;

    /// <summary>One for each seed.</summary>
    public IReadOnlyList<RunResult> Runs => Found.Runs;

    /// <summary>The latencies of all runs.</summary>
    public Histogram Latency { get; } = Join(Ranked.Found.Runs);

    /// <summary>What the backends did on average of the runs, for those that are listed.</summary>
    public IReadOnlyList<BackendResult> Backends { get; } = JoinBackends(Ranked.Found.Runs);

    /// <summary>What happened over time, on average of the runs.</summary>
    public IReadOnlyList<IntervalResult> Intervals { get; } = JoinIntervals(Ranked.Found.Runs);

    /// <summary>The mean of <paramref name="measure"/> over the runs; null when none has it.</summary>
    public Estimate? Of(Measure measure) => measure.Estimate(Found);

    /// <summary>As <see cref="Of"/>, without the interval; 0 when none has it.</summary>
    public double Mean(Measure measure) => Of(measure)?.Mean ?? 0;

    private static Histogram Join(IReadOnlyList<RunResult> runs)
    {
        var all = new Histogram();
        foreach (var run in runs)
        {
            all.Add(run.Latency);
        }

        return all;
    }

    private static IReadOnlyList<BackendResult> JoinBackends(IReadOnlyList<RunResult> runs) =>
    [
        .. runs.SelectMany(static r => r.Backends).GroupBy(static b => b.Name, StringComparer.Ordinal).Select(static g => g.First() with
        {
            Requests = (long)g.Average(static b => (double)b.Requests),
            Share = g.Average(static b => b.Share),
            DueShare = g.Average(static b => b.DueShare),
            Utilization = g.Average(static b => b.Utilization),
            MeanQueue = g.Average(static b => b.MeanQueue),
            MaxQueue = g.Max(static b => b.MaxQueue),
            P99Micros = g.Average(static b => b.P99Micros),
            Errors = (long)g.Average(static b => (double)b.Errors),
        }),
    ];

    private static IReadOnlyList<IntervalResult> JoinIntervals(IReadOnlyList<RunResult> runs)
    {
        var steps = runs.Min(static r => r.Intervals.Count);
        return
        [
            .. Enumerable.Range(0, steps).Select(i => runs.Select(r => r.Intervals[i]).ToList()).Select(static same => same[0] with
            {
                Requests = (long)same.Average(static s => (double)s.Requests),
                Errors = (long)same.Average(static s => (double)s.Errors),
                P50Micros = same.Average(static s => s.P50Micros),
                P99Micros = same.Average(static s => s.P99Micros),
                CoefficientOfVariation = same.Average(static s => s.CoefficientOfVariation),
                MaxOverMean = same.Average(static s => s.MaxOverMean),
                MeanQueue = same.Average(static s => s.MeanQueue),
                MaxQueue = same.Max(static s => s.MaxQueue),
                Eligible = (int)Math.Round(same.Average(static s => s.Eligible)),
            }),
        ];
    }
}
