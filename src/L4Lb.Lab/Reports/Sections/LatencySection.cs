using L4Lb.Lab.Measuring;
using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Reports.Words;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>How long requests take.</summary>
internal static class LatencySection
{
    private static readonly Measure[] s_percentiles = [Measures.P50, Measures.P90, Measures.P99, Measures.P999, Measures.Max,
        Measures.Mean, Measures.Waiting];

    // A point every three percent of latency: no line shows more.
    private const double PointFactor = 1.03;

    // Above, a tail has nothing to show, and a few quick answers would take half of the chart.
    private const double NearlyAll = 0.99;

    // The part of requests that the tail's chart ends at: a line of fewer than ten requests is chance.
    private const double FewestRequests = 10;

    /// <summary>The section.</summary>
    public static Section Build(Findings findings) => new("latency", "Latency",
    [
        new Prose("From the intended start of a request to the last byte of its answer, waiting and retries included."),
        new Table("", Percentiles(findings), 0),
        new Figure(Overview(findings)),
        new Figure(Tail(findings)),
    ]);

    /// <summary>Percentiles in rows.</summary>
    public static RowChart Overview(Findings findings) => new(
        new Axis("latency", MeasureUnit.Micros, IsLog: true),
        [new("median", MarkShape.Circle, 0), new("99 %", MarkShape.Square, 1), new("99.9 %", MarkShape.Triangle, 3)],
        [.. findings.Entries.Select(static e =>
            new Row(e.Name, [Mark.Of(2, e.Of(Measures.P999)), Mark.Of(1, e.Of(Measures.P99)), Mark.Of(0, e.Of(Measures.P50))]))])
    {
        Name = "latency",
        Title = "Latency of each scheduler, best first",
        Description = $"The least 99th percentile is {First(findings)}; the greatest is that of {Last(findings)}. Lines are 95 % confidence intervals.",
        Table = Percentiles(findings),
    };

    /// <summary>The part of requests that take longer, down to the last few.</summary>
    public static LineChart Tail(Findings findings) => new(
        new Axis("latency", MeasureUnit.Micros, IsLog: true),
        new Axis("part of the requests that take longer", MeasureUnit.Part, IsLog: true) { Includes = [1] },
        [.. findings.Entries.OrderBy(static e => e.Style is null).Select(static e =>
            new Series(e.Name, e.Style, Longer(e.Latency)) { IsStep = false })])
    {
        Name = "tail",
        Title = "How many requests take longer than how long",
        Description = "Both axes are logarithmic: each line of the grid down is a rarer request. A line further left is better, and one that "
            + "falls steeply has few stragglers.",
        Table = new ChartTable(
            ["scheduler", .. s_longer.Select(static p => $"{Figures.Percent(p)} take longer than")],
            [.. findings.Entries.Select(static e =>
                (string[])[e.Name, .. s_longer.Select(p => Figures.Duration(e.Latency.Quantile(1 - p)))])]),
    };

    private static readonly double[] s_longer = [0.5, 0.1, 0.01, 0.001, 0.0001];

    /// <summary>Points of 1 − F, one for each three percent of latency.</summary>
    internal static IReadOnlyList<(double X, double Y)> Longer(Histogram latency)
    {
        var points = new List<(double X, double Y)>();
        var (left, next) = (latency.Count, 0d);
        foreach (var (lower, count) in latency.Buckets)
        {
            if (lower > 0 && lower >= next && left >= Math.Min(FewestRequests, latency.Count))
            {
                if (points is [{ Y: >= NearlyAll }])
                {
                    points.Clear();
                }

                points.Add((lower, (double)left / latency.Count));
                next = lower * PointFactor;
            }

            left -= count;
        }

        return points;
    }

    private static ChartTable Percentiles(Findings findings) => new(
        ["Scheduler", "50 %", "90 %", "99 %", "99.9 %", "longest", "mean", "mean wait"],
        [.. findings.Entries.Select(static e => (string[])[e.Name, .. s_percentiles.Select(m => Figures.WithInterval(m, e.Of(m)))])]);

    private static string First(Findings findings)
    {
        var best = findings.Entries.MinBy(static e => e.Mean(Measures.P99))!;
        return $"{Figures.Duration(best.Mean(Measures.P99))}, that of {Lists.And([.. findings.Entries.Where(e => e.Ranked.Rank == best.Ranked.Rank).Select(static e => e.Name)])}";
    }

    private static string Last(Findings findings)
    {
        var last = findings.Entries.MaxBy(static e => e.Mean(Measures.P99))!;
        return $"{last.Name}, {Figures.Duration(last.Mean(Measures.P99))}";
    }
}
