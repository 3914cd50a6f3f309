namespace L4Lb.Lab.Results;

/// <summary>How one result differs from another, scheduler by scheduler. Immutable.</summary>
public sealed class Comparison
{
    private static readonly Measure[] s_measures =
    [
        Measures.P99, Measures.Errors, Measures.Mean, Measures.P50, Measures.P90, Measures.P999, Measures.Retries, Measures.MeanQueue,
            Measures.MaxQueue,
        Measures.MaxShare, Measures.Excess, Measures.Kept,
    ];

    // Those by which a scheduler is chosen; judged one by one, so many measures of so many schedulers would always find one that is chance.
    private static readonly Measure[] s_deciding = [Measures.P99, Measures.Errors, Measures.Mean, Measures.Excess, Measures.Kept];

    private Comparison(double tolerance)
    {
        Tolerance = tolerance;
    }

    /// <summary>Changes up to this part do not matter.</summary>
    public double Tolerance { get; }

    /// <summary>Whether both answer the same question; else differences are of questions too.</summary>
    public required bool IsSameScenario { get; init; }

    /// <summary>The schedulers that both have, in the order of the first.</summary>
    public required IReadOnlyList<ComparedResult> Schedulers { get; init; }

    /// <summary>Schedulers that the first alone has.</summary>
    public required IReadOnlyList<string> OnlyBefore { get; init; }

    /// <summary>Schedulers that the second alone has.</summary>
    public required IReadOnlyList<string> OnlyAfter { get; init; }

    /// <summary>What got worse, of the measures that decide: 99th percentile, mean, errors, clients moved without need, clients
    /// kept.</summary>
    public IEnumerable<(ComparedResult Scheduler, Difference Difference)> Regressions =>
        from scheduler in Schedulers
        from difference in scheduler.Differences
        where s_deciding.Contains(difference.Measure) && difference.Judge(Tolerance) == Verdict.Worse
        select (scheduler, difference);

    /// <summary>Compares <paramref name="after"/> with <paramref name="before"/>.</summary>
    /// <param name="before">The first.</param>
    /// <param name="after">The second.</param>
    /// <param name="tolerance">Changes up to this part of the larger do not matter; at least a histogram's resolution.</param>
    public static Comparison Of(LabResult before, LabResult after, double tolerance = Difference.Resolution)
    {
        var isSame = Text(before) == Text(after);
        var pairs = before.Schedulers.Join(
            after.Schedulers, static s => (s.Scheduler, s.Mode), static s => (s.Scheduler, s.Mode),
                static (b, a) => (Before: b, After: a)).ToList();
        return new Comparison(Math.Max(tolerance, Difference.Resolution))
        {
            IsSameScenario = isSame,
            Schedulers =
            [
                .. pairs.Select(p => new ComparedResult(
                    p.Before.Scheduler, p.Before.Mode,
                    [.. s_measures.Select(m =>
                        Difference.Of(m, p.Before, p.After, isSame && p.Before.Mode != LabMode.Live)).OfType<Difference>()])),
            ],
            OnlyBefore = [.. before.Schedulers.Except(pairs.Select(static p => p.Before)).Select(static s => s.Scheduler)],
            OnlyAfter = [.. after.Schedulers.Except(pairs.Select(static p => p.After)).Select(static s => s.Scheduler)],
        };
    }

    /// <summary>
    /// What was asked, as far as it decides which arrivals a seed makes: the text, the rate and the duration, of which the command line may
    /// have changed the latter.
    /// </summary>
    private static (string Source, double Rate, double Seconds) Text(LabResult result) =>
        (result.Scenario.Source.ReplaceLineEndings("\n").Trim(), result.Scenario.OfferedRate, result.Scenario.DurationSeconds);
}

/// <summary>How one scheduler differs.</summary>
/// <param name="Scheduler">Its name, with parameters.</param>
/// <param name="Mode">How it was found.</param>
/// <param name="Differences">Measure by measure, what decides first.</param>
public sealed record ComparedResult(string Scheduler, LabMode Mode, IReadOnlyList<Difference> Differences);
