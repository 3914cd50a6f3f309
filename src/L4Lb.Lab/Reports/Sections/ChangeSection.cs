using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>What changes of the set of backends moved, and how well clients kept theirs.</summary>
internal static class ChangeSection
{
    private const int MostChanges = 12;

    /// <summary>Disruption; null when the set did not change.</summary>
    public static Section? Build(Findings findings) => findings.Entries.All(static e => e.Of(Measures.Excess) is null) ? null : new Section(
        "changes", "When the set of backends changes",
    [
        new Prose("The part of clients whose first choice is another backend than before, against the part that had to move because its backend "
            + "left or because a newcomer is due it. Schedulers that go by load or by turn remember no client: their figure says so."),
        new Figure(Moved(findings)),
        new Table("Each change, under the first seed", EachChange(findings), 0, 1) { IsDetail = true },
    ]);

    /// <summary>Affinity; null where no client came twice.</summary>
    public static Section? BuildAffinity(Findings findings) => findings.Entries.All(static e => e.Of(Measures.Kept) is null) ? null
        : new Section(
        "affinity", "Affinity", [new Figure(Kept(findings))]);

    /// <summary>Moved against needed, on average of all changes.</summary>
    public static RowChart Moved(Findings findings) => new(
        new Axis("part of the clients", MeasureUnit.Part),
        [new("moved", MarkShape.Bar, 0), new("had to", MarkShape.Stroke, 1)],
        [.. findings.Entries.Select(static e =>
            new Row(e.Name, [new Mark(0, [Average(e, static c => c.Moved)]), new Mark(1, [Average(e, static c => c.Needed)])]))])
    {
        Name = "moved",
        Title = "Clients that a change moves, and those that had to move",
        Description = "On average of all changes and seeds. The nearer the bar ends to the stroke the better.",
        Table = new ChartTable(
            ["scheduler", "moved", "had to", "moved without need"],
            [
                .. findings.Entries.Select(static e => (string[])
                [
                    e.Name, Figures.Percent(Average(e, static c => c.Moved)), Figures.Percent(Average(e, static c => c.Needed)),
                    Figures.WithInterval(Measures.Excess, e.Of(Measures.Excess)),
                ]),
            ]),
    };

    private static RowChart Kept(Findings findings) => new(
        new Axis("part of the requests of clients that had been there before", MeasureUnit.Part) { Includes = [1] },
        [new("kept", MarkShape.Bar, 0)],
        [.. findings.Entries.Select(static e => new Row(e.Name, [Mark.Of(0, e.Of(Measures.Kept))]))])
    {
        Name = "kept",
        Title = "Clients that kept their backend",
        Description = "The part of returning clients' requests that went to the backend of the request before.",
        Table = new ChartTable(
            ["scheduler", "kept", "returns"],
            [
                .. findings.Entries.Select(static e => (string[])
                [
                    e.Name, Figures.WithInterval(Measures.Kept, e.Of(Measures.Kept)),
                        Figures.Count(e.Runs.Sum(static r => r.Stickiness?.Returns ?? 0)),
                ]),
            ]),
    };

    private static double Average(Entry entry, Func<ChangeResult, double> of) =>
        entry.Runs.SelectMany(static r => r.Changes).Select(of).DefaultIfEmpty(0).Average();

    private static ChartTable EachChange(Findings findings) => new(
        ["Scheduler", "change", "at", "moved", "had to"],
        [
            .. findings.Shown.SelectMany(static e => e.Runs[0].Changes.Take(MostChanges).Select(c => (string[])
                [e.Name, c.What, Figures.Seconds(c.AtSeconds), Figures.Percent(c.Moved), Figures.Percent(c.Needed)])),
        ]);
}
