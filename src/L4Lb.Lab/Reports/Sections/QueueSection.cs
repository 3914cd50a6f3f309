using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>How many requests are at a backend.</summary>
internal static class QueueSection
{
    private const double Rarest = 1e-6;

    /// <summary>The section.</summary>
    public static Section Build(Findings findings) => new("queues", "Queues",
    [
        new Prose("Requests at a backend, waiting and served, looked at over all backends and all the time."),
        new Figure(Lengths(findings)),
    ]);

    /// <summary>How often so many are at a backend.</summary>
    public static LineChart Lengths(Findings findings) => new(
        new Axis("requests at a backend", MeasureUnit.Requests) { TickCount = 8 },
        new Axis("part of backends and time with at least so many", MeasureUnit.Part, IsLog: true, Rarest) { Includes = [1] },
        [.. findings.Entries.OrderBy(static e => e.Style is null).Select(static e =>
            new Series(e.Name, e.Style, Points(e)) { IsStep = true })])
    {
        Name = "queues",
        Title = "How often how many requests are at a backend",
        Description = "The vertical axis is logarithmic. A line that falls faster means that long queues are rarer.",
        Table = new ChartTable(
            ["scheduler", "mean", "most", "idle", "at least 2", "at least 5", "at least 10"],
            [
                .. findings.Entries.Select(static e => (string[])
                [
                    e.Name, Figures.WithInterval(Measures.MeanQueue, e.Of(Measures.MeanQueue)),
                        Figures.Mean(Measures.MaxQueue, e.Of(Measures.MaxQueue)),
                    Figures.Percent(1 - AtLeast(e, 1)), Figures.Percent(AtLeast(e, 2)), Figures.Percent(AtLeast(e, 5)),
                        Figures.Percent(AtLeast(e, 10)),
                ]),
            ]),
    };

    private static IReadOnlyList<(double X, double Y)> Points(Entry entry) =>
    [
        .. Enumerable.Range(0, entry.Runs.Max(static r => r.Shares.QueueLengths.Count))
            .Select(k => ((double)k, AtLeast(entry, k))).TakeWhile(static p => p.Item2 >= Rarest),
    ];

    private static double AtLeast(Entry entry, int count) =>
        entry.Runs.Average(r => count < r.Shares.QueueLengths.Count ? r.Shares.QueueLengths[count] : 0);
}
