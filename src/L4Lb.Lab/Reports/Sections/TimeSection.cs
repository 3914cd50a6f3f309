using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>What changes while a run lasts.</summary>
internal static class TimeSection
{
    // More steps than pixels of a small chart are joined.
    private const int MostPoints = 240;

    /// <summary>The section; null when nothing was looked at step by step.</summary>
    public static Section? Build(Findings findings) => findings.Entries.All(static e => e.Intervals.Count < 2) ? null : new Section("time", "Over time",
    [
        new Figure(Panels(
            findings, "p99-over-time", "99th percentile, step by step", "99 % of the requests that begin in a step are answered within",
            new Axis("", MeasureUnit.Micros, IsLog: true), static i => i.Requests > 0 ? i.P99Micros : double.NaN, Figures.Duration)),
        new Figure(Panels(
            findings, "unevenness-over-time", "Unevenness, step by step", "requests of the busiest backend in a step, times the mean",
            new Axis("", MeasureUnit.Ratio), static i => i.MaxOverMean, Figures.Digits)),
        new Figure(Panels(
            findings, "queue-over-time", "Longest queue, step by step", "most requests at one backend",
            new Axis("", MeasureUnit.Requests), static i => i.MaxQueue, Figures.Digits)),
        .. findings.Entries.Any(static e => e.Intervals.Select(static i => i.Eligible).Distinct().Skip(1).Any())
            ? [new Figure(Eligible(findings))] : Array.Empty<Block>(),
    ]);

    /// <summary>A panel for each scheduler, the best one's line in grey in all of them.</summary>
    public static PanelChart Panels(
        Findings findings, string name, string title, string meaning, Axis axis, Func<IntervalResult, double> of, Func<double, string> word)
    {
        var first = Points(findings.First, of);
        return new PanelChart(Seconds, axis with { Title = meaning, TickCount = 3 },
        [
            .. findings.Entries.Where(static e => e.Intervals.Count > 0).Select(e => new Panel(e.Name, e == findings.First
                ? [new Series(e.Name, 0, first)]
                : [new Series(findings.First.Name, null, first), new Series(e.Name, 1, Points(e, of))])),
        ])
        {
            Name = name,
            Title = title,
            Description = $"A panel for each scheduler; the grey line in it is that of {findings.First.Name}, the best.",
            Table = new ChartTable(
                ["scheduler", "least", "mean", "most", "in step at"],
                [.. findings.Entries.Select(e => Summary(e, of, word)).OfType<string[]>()]),
        };
    }

    private static Axis Seconds { get; } = new("time", MeasureUnit.Micros) { TickCount = 4 };

    private static LineChart Eligible(Findings findings) => new(
        Seconds with { TickCount = 8 },
        new Axis("backends that may be picked", MeasureUnit.Requests),
        [.. findings.Shown.Select(static e => new Series(e.Name, e.Style, Points(e, static i => i.Eligible)) { IsStep = true })])
    {
        Name = "eligible",
        Title = "Backends that may be picked",
        Description = "How many backends are in the set and well, at the end of each step.",
        Table = new ChartTable(
            ["scheduler", "least", "mean", "most", "in step at"],
            [.. findings.Entries.Select(static e => Summary(e, static i => i.Eligible, Figures.Count)).OfType<string[]>()]),
    };

    private static IReadOnlyList<(double X, double Y)> Points(Entry entry, Func<IntervalResult, double> of)
    {
        var stride = Math.Max((entry.Intervals.Count + MostPoints - 1) / MostPoints, 1);
        return
        [
            .. entry.Intervals.Chunk(stride).Select(chunk =>
                (chunk[0].StartSeconds * 1e6, chunk.Select(of).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max())),
        ];
    }

    private static string[]? Summary(Entry entry, Func<IntervalResult, double> of, Func<double, string> word)
    {
        var known = entry.Intervals.Where(i => double.IsFinite(of(i))).ToList();
        return known.Count == 0
            ? null
            : [entry.Name, word(known.Min(of)), word(known.Average(of)), word(known.Max(of)),
                Figures.Seconds(known.MaxBy(of)!.StartSeconds)];
    }
}
