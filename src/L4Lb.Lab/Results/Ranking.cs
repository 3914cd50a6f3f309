namespace L4Lb.Lab.Results;

/// <summary>
/// The schedulers of one mode, best first: those that answer come before those that leave requests unanswered, and among these the sooner
/// 99 % are answered the better. Who cannot be told from the first of a rank shares it.
/// </summary>
public sealed class Ranking
{
    /// <summary>Two that differ by no more than this part of requests unanswered answer equally well.</summary>
    public const double ErrorsTolerance = 0.001;

    private Ranking(LabMode mode, IReadOnlyList<RankedScheduler> entries)
    {
        (Mode, Entries) = (mode, entries);
    }

    /// <summary>Whose ranking it is.</summary>
    public LabMode Mode { get; }

    /// <summary>Best first.</summary>
    public IReadOnlyList<RankedScheduler> Entries { get; }

    /// <summary>The best.</summary>
    public RankedScheduler First => Entries[0];

    /// <summary>Ranks what <paramref name="result"/> has in <paramref name="mode"/>; null when there is nothing.</summary>
    public static Ranking? Of(LabResult result, LabMode mode)
    {
        var rest = result.Schedulers.Where(s => s.Mode == mode).ToList();
        if (rest.Count == 0)
        {
            return null;
        }

        var entries = new List<RankedScheduler>(rest.Count);
        while (rest.Count > 0)
        {
            // Whoever answers as many as the best of the rest, give or take; of these the soonest.
            var fewest = rest.Min(ErrorsOf);
            var first = rest.Where(s => ErrorsOf(s) <= fewest + ErrorsTolerance).MinBy(P99Of)!;
            var rank = entries.Count + 1;
            var equals = rest.Where(s => s == first || IsEqual(first, s, fewest)).OrderBy(P99Of).ToList();
            entries.AddRange(equals.Select(s => new RankedScheduler(rank, equals.Count > 1, s)));
            rest.RemoveAll(equals.Contains);
        }

        return new Ranking(mode, entries);
    }

    /// <summary>The ranking that a report is about: of the simulation where there is one.</summary>
    public static Ranking Main(LabResult result) =>
        Of(result, LabMode.Simulated) ?? Of(result, LabMode.Replayed) ?? Of(result, LabMode.Live)
        ?? throw new ArgumentException("a result without schedulers", nameof(result));

    private static bool IsEqual(SchedulerResult first, SchedulerResult other, double fewest) =>
        ErrorsOf(other) <= fewest + ErrorsTolerance
        && Difference.Of(Measures.P99, first, other, sharesChance: true) is { Verdict: Verdict.Same };

    private static double ErrorsOf(SchedulerResult scheduler) => Measures.Errors.Estimate(scheduler)?.Mean ?? 0;

    private static double P99Of(SchedulerResult scheduler) => Measures.P99.Estimate(scheduler)?.Mean ?? double.MaxValue;
}

/// <summary>A scheduler in its place.</summary>
/// <param name="Rank">From 1; equals share it, and the next one counts them.</param>
/// <param name="IsShared">Whether somebody shares it.</param>
/// <param name="Found">What it did.</param>
public sealed record RankedScheduler(int Rank, bool IsShared, SchedulerResult Found)
{
    /// <summary>Its name.</summary>
    public string Name => Found.Scheduler;
}
