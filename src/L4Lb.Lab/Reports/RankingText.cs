using System.Globalization;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>A ranking for a terminal: rows for whoever sets tables there.</summary>
public static class RankingText
{
    /// <summary>Headings of <see cref="Rows"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["RANK", "SCHEDULER", "MEDIAN", "99 %", "99.9 %", "UNANSWERED", "LONGEST QUEUE"];

    /// <summary>A row for each scheduler of the main mode, best first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(LabResult result) =>
    [
        .. Ranking.Main(result).Entries.Select(static e => (string[])
        [
            e.Rank.ToString(CultureInfo.InvariantCulture) + (e.IsShared ? "=" : ""), e.Name,
                Figures.Mean(Measures.P50, Measures.P50.Estimate(e.Found)),
            Figures.WithInterval(Measures.P99, Measures.P99.Estimate(e.Found)),
                Figures.Mean(Measures.P999, Measures.P999.Estimate(e.Found)),
            Figures.Mean(Measures.Errors, Measures.Errors.Estimate(e.Found)),
                Figures.Mean(Measures.MaxQueue, Measures.MaxQueue.Estimate(e.Found)),
        ]),
    ];
}
