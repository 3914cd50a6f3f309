using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>Errors and retries; what a pick costs.</summary>
internal static class CostSection
{
    /// <summary>Errors and retries.</summary>
    public static Section BuildErrors(Findings findings) => new("errors", "Errors and retries",
    [
        new Table("", new ChartTable(
            ["Scheduler", "requests", "unanswered", "part of all", "retries", "per request"],
            [
                .. findings.Entries.Select(static e => (string[])
                [
                    e.Name, Figures.Count(e.Runs.Sum(static r => r.Requests)), Figures.Count(e.Runs.Sum(static r => r.Errors)),
                    Figures.WithInterval(Measures.Errors, e.Of(Measures.Errors)), Figures.Count(e.Runs.Sum(static r => r.Retries)),
                    Figures.WithInterval(Measures.Retries, e.Of(Measures.Retries)),
                ]),
            ]), 0),
    ]);

    /// <summary>What a pick costs; null when it was not measured.</summary>
    public static Section? BuildPicks(Findings findings) => findings.Entries.All(static e => e.Of(Measures.Pick) is null) ? null
        : new Section(
        "picks", "Cost of a pick",
    [
        new Prose("Real time on this machine, of the code that forwards traffic. Unlike all else here it is not the same under the same seed."),
        new Figure(Picks(findings)),
    ]);

    private static RowChart Picks(Findings findings) => new(
        new Axis("time for a pick", MeasureUnit.Nanos, IsLog: true),
        [new("pick", MarkShape.Circle, 0)],
        [.. findings.Entries.Select(static e => new Row(e.Name, [Mark.Of(0, e.Of(Measures.Pick))]))])
    {
        Name = "picks",
        Title = "What a pick costs",
        Description = "The axis is logarithmic. Lines are 95 % confidence intervals.",
        Table = new ChartTable(["scheduler", "time for a pick"],
            [.. findings.Entries.Select(static e => (string[])[e.Name, Figures.WithInterval(Measures.Pick, e.Of(Measures.Pick))])]),
    };
}
