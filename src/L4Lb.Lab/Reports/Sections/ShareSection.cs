using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>Who got how much, against what was due.</summary>
internal static class ShareSection
{
    /// <summary>The section.</summary>
    public static Section Build(Findings findings) => new("shares", "Shares",
    [
        new Prose("What each backend got of the requests, against what its weight is due: 1 is exactly its due. A scheduler that looks at "
            + "load departs from it on purpose where backends are not what their weights say."),
        new Figure(Spread(findings)),
        .. findings.Shown.Where(static e => e.Backends.Count > 0).Select(static e => new Table($"Backends under {e.Name}", Backends(e), 0) { IsDetail = true }),
    ]);

    /// <summary>A dot for each backend.</summary>
    public static RowChart Spread(Findings findings) => new(
        new Axis("requests of a backend, of its due", MeasureUnit.Ratio) { TickCount = 8 },
        [new("a backend", MarkShape.Dot, 0), new("least and most", MarkShape.Stroke, 5)],
        [
            .. findings.Entries.Select(static e => new Row(e.Name,
            [
                new Mark(0, [.. e.Backends.Where(static b => b.DueShare > 0).Select(static b => b.Share / b.DueShare)]),
                new Mark(1, [e.Mean(Measures.MinShare), e.Mean(Measures.MaxShare)]),
            ])),
        ])
    {
        References = [1],
        Name = "shares",
        Title = "What each backend got, of its due",
        Description = "A row for each scheduler and a dot for each backend; the broken line is what is due.",
        Table = new ChartTable(
            ["scheduler", "idlest", "busiest", "coefficient of variation"],
            [
                .. findings.Entries.Select(static e => (string[])
                [
                    e.Name, Figures.WithInterval(Measures.MinShare, e.Of(Measures.MinShare)),
                        Figures.WithInterval(Measures.MaxShare, e.Of(Measures.MaxShare)),
                    Figures.WithInterval(Measures.Variation, e.Of(Measures.Variation)),
                ]),
            ]),
    };

    private static ChartTable Backends(Entry entry) => new(
        ["Backend", "weight", "requests", "share", "due", "of its due", "busy", "mean queue", "longest queue", "99 % within", "failed"],
        [
            .. entry.Backends.Select(static b => (string[])
            [
                b.Name, Figures.Count(b.Weight), Figures.Count(b.Requests), Figures.Percent(b.Share), Figures.Percent(b.DueShare),
                b.DueShare > 0 ? Figures.Digits(b.Share / b.DueShare) : Figures.None, Figures.Percent(b.Utilization),
                    Figures.Digits(b.MeanQueue),
                Figures.Count(b.MaxQueue), Figures.Duration(b.P99Micros), Figures.Count(b.Errors),
            ]),
        ]);
}
