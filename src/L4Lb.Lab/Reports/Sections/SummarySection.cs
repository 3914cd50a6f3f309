using System.Globalization;
using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Reports.Words;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>The ranking, with the reasons.</summary>
internal static class SummarySection
{
    /// <summary>The section.</summary>
    public static Section Build(Findings findings) => new("ranking", "Ranking",
    [
        new Table("", new ChartTable(
            ["Rank", "Scheduler", "Median", "99 % within", "Times the best", "Unanswered", "Busiest, of its due", "Why"],
            [.. findings.Entries.Select(e => Row(findings, e))]), 1, 7),
        .. Headline.Notes(findings).Select(static note => new Prose(note)),
    ]);

    private static string[] Row(Findings findings, Entry entry) =>
    [
        $"{entry.Ranked.Rank.ToString(CultureInfo.InvariantCulture)}{(entry.Ranked.IsShared ? "=" : "")}",
        entry.Name,
        Figures.Mean(Measures.P50, entry.Of(Measures.P50)),
        Figures.WithInterval(Measures.P99, entry.Of(Measures.P99)),
        TimesBest(findings, entry),
        Figures.Mean(Measures.Errors, entry.Of(Measures.Errors)),
        Figures.Mean(Measures.MaxShare, entry.Of(Measures.MaxShare)),
        Why(findings, entry),
    ];

    private static string TimesBest(Findings findings, Entry entry)
    {
        var best = findings.First.Mean(Measures.P99);
        return best > 0 && entry.Of(Measures.P99) is { } own ? (own.Mean / best).ToString("0.00", CultureInfo.InvariantCulture) : Figures.None;
    }

    private static string Why(Findings findings, Entry entry) =>
        entry.Ranked.Rank > 1 ? Reasons.Short(entry, findings.First, findings.Found.Scenario.Backends) ?? ""
        : entry == findings.First ? "" : $"cannot be told from {findings.First.Name}";
}
