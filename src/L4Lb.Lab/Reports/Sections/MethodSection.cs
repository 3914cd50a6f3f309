namespace L4Lb.Lab.Reports.Sections;

/// <summary>How to read all that.</summary>
internal static class MethodSection
{
    /// <summary>The section.</summary>
    public static Section Build() => new("method", "How to read this",
    [
        new Prose("Ranking: schedulers that leave more than 0.1 % of the requests more unanswered than the best come after it; among the others "
            + "the one with the least 99th percentile of latency is first. Those that differ by no more than 1 %, which is a histogram's "
            + "resolution, or by no more than chance does, share a rank, marked with =."),
        new Prose("Confidence: ± is the half width of a 95 % interval by Student's t over the seeds. All schedulers see the same arrivals and "
            + "service times under one seed, so their differences are taken seed by seed, which tells smaller ones from chance than the "
            + "intervals of the single figures suggest."),
        new Prose("Percentiles are of histograms whose buckets are at most 0.8 % wide; mean and longest are exact. Coefficient of variation is the "
            + "standard deviation of the backends' requests per weight over their mean: 0 is perfectly even."),
    ]);
}
