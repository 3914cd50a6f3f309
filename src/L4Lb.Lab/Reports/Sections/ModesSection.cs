using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>What was found in virtual time beside what was found on sockets.</summary>
internal static class ModesSection
{
    private static readonly Measure[] s_measures = [Measures.P50, Measures.P90, Measures.P99, Measures.Mean, Measures.MaxShare];

    /// <summary>The section; null when the result has one mode.</summary>
    public static Section? Build(Findings findings)
    {
        var other = findings.Found.Schedulers.Where(s => s.Mode != findings.Ranking.Mode)
            .Select(s => (Other: s, Main: findings.Entries.FirstOrDefault(e => e.Name == s.Scheduler))).Where(static p =>
                p.Main is not null)
            .Select(static p => (p.Other, Main: p.Main!)).ToList();
        if (other.Count == 0)
        {
            return null;
        }

        var mode = Word(findings.Ranking.Mode);
        return new Section("modes", "Simulated and live",
        [
            new Prose($"The same scenario {Lists(findings)}. The difference is that of the other mode, as a part of what was {mode}."),
            new Figure(Both(findings, other)),
            new Table("", new ChartTable(
                ["Scheduler", "measure", mode, "other", "how", "difference"],
                [.. other.SelectMany(p => s_measures.Select(m => Row(p.Main, p.Other, m))).OfType<string[]>()]), 0, 1, 4),
        ]);
    }

    /// <summary>A mode as a past participle.</summary>
    public static string Word(LabMode mode) => mode switch
    {
        LabMode.Live => "live",
        LabMode.Replayed => "replayed",
        _ => "simulated",
    };

    private static RowChart Both(Findings findings, List<(SchedulerResult Other, Entry Main)> pairs) => new(
        new Axis("99th percentile of latency", MeasureUnit.Micros, IsLog: true),
        [new(Word(findings.Ranking.Mode), MarkShape.Circle, 0), new(Word(pairs[0].Other.Mode), MarkShape.Diamond, 1)],
        [.. pairs.Select(static p =>
            new Row(p.Main.Name, [Mark.Of(0, p.Main.Of(Measures.P99)), Mark.Of(1, Measures.P99.Estimate(p.Other))]))])
    {
        Name = "modes",
        Title = "99th percentile, one way and the other",
        Description = "Marks that lie over each other agree. Lines are 95 % confidence intervals.",
        Table = new ChartTable(
            ["scheduler", Word(findings.Ranking.Mode), Word(pairs[0].Other.Mode)],
            [
                .. pairs.Select(static p => (string[])
                    [p.Main.Name, Figures.WithInterval(Measures.P99, p.Main.Of(Measures.P99)),
                        Figures.WithInterval(Measures.P99, Measures.P99.Estimate(p.Other))]),
            ]),
    };

    private static string Lists(Findings findings) =>
        Words.Lists.And([.. findings.Found.Schedulers.Select(static s => s.Mode).Distinct().Order().Select(Word)]);

    private static string[]? Row(Entry main, SchedulerResult other, Measure measure) =>
        Difference.Of(measure, main.Found, other, sharesChance: false) is not { } difference ? null :
        [
            main.Name, measure.Title, Figures.WithInterval(measure, difference.Before), Figures.WithInterval(measure, difference.After),
                Word(other.Mode),
            difference.Relative is { } part ? Figures.Signed(Figures.Percent(Math.Abs(part)), part) : Figures.None,
        ];
}
