namespace L4Lb.Lab.Results;

/// <summary>What to think of a difference.</summary>
public enum Verdict
{
    /// <summary>Too small to matter, or nothing says that it is not chance.</summary>
    Same,

    /// <summary>It is real, and for the better.</summary>
    Better,

    /// <summary>It is real, and for the worse.</summary>
    Worse,

    /// <summary>It is real, and neither better nor worse by itself.</summary>
    Other,

    /// <summary>It is not small, but with a single run nobody can say whether it is chance.</summary>
    Unknown,
}

/// <summary>How a measure of one scheduler differs from that of another, or of the same in another result.</summary>
/// <param name="Measure">Of what.</param>
/// <param name="Before">What it is compared with.</param>
/// <param name="After">What is compared.</param>
/// <param name="Change">After − before, with its own confidence: that of pairs is much narrower than those of the two.</param>
/// <param name="LogRatio">
/// The logarithm of after / before, for times: these vary by factors, so a few runs tell more by their ratios. Null for all else,
/// and where a time is 0.
/// </param>
/// <param name="IsPaired">Whether runs of equal seeds were subtracted one by one.</param>
public sealed record Difference(Measure Measure, Estimate Before, Estimate After, Estimate Change, Estimate? LogRatio, bool IsPaired)
{
    /// <summary>Below this part of the larger, a difference of two latencies may be a histogram's bucket.</summary>
    public const double Resolution = 0.01;

    // Parts of a whole, as errors: less than one in ten thousand is nothing that anybody decides by.
    private const double PartResolution = 1e-4;

    /// <summary>The change as a part of what was before; null where nothing was.</summary>
    public double? Relative => LogRatio is { } ratio ? Math.Exp(ratio.Mean) - 1 : Before.Mean == 0 ? null : Change.Mean / Before.Mean;

    /// <summary>How far <see cref="Relative"/> may be off; null for a single run.</summary>
    public double? RelativeHalfWidth =>
        LogRatio is { } ratio ? Math.Exp(ratio.Mean) * ratio.HalfWidth : Before.Mean == 0 ? null : Change.HalfWidth / Math.Abs(Before.Mean);

    /// <summary>What to think of it.</summary>
    public Verdict Verdict => Judge(Resolution);

    /// <summary>What to think of it, when changes up to <paramref name="tolerance"/>, a part of the larger, do not matter.</summary>
    public Verdict Judge(double tolerance) => IsSmall(tolerance) ? Verdict.Same
        : Change.HalfWidth is null ? Verdict.Unknown
        : !(LogRatio ?? Change).Excludes(0) ? Verdict.Same
        : Measure.Better == 0 ? Verdict.Other
        : Math.Sign((LogRatio ?? Change).Mean) == Measure.Better ? Verdict.Better : Verdict.Worse;

    private bool IsSmall(double tolerance) =>
        (Measure.Unit == MeasureUnit.Part && Math.Abs(Change.Mean) < PartResolution)
        || Math.Abs(Change.Mean) <= tolerance * Math.Max(Math.Abs(Before.Mean), Math.Abs(After.Mean));

    /// <summary>
    /// How <paramref name="after"/> differs from <paramref name="before"/>; null when either has no such measure. Runs with equal seeds saw
    /// the same arrivals and service times, so the difference is taken run by run where <paramref name="sharesChance"/> says so.
    /// </summary>
    public static Difference? Of(Measure measure, SchedulerResult before, SchedulerResult after, bool sharesChance)
    {
        var bySeed = before.Runs.ToDictionary(static r => r.Seed, measure.Of);
        var pairs = after.Runs.Select(r => (After: measure.Of(r), Before: bySeed.GetValueOrDefault(r.Seed)))
            .Where(static p => p is { After: not null, Before: not null })
            .Select(static p => (After: p.After!.Value, Before: p.Before!.Value)).ToList();
        var isPaired = sharesChance && pairs.Count == before.Runs.Count && pairs.Count == after.Runs.Count;
        var (values, baseline) = (measure.Values(after), measure.Values(before));
        if ((isPaired ? Estimate.Of([.. pairs.Select(static p => p.After - p.Before)])
            : Estimate.OfDifference(values, baseline)) is not { } change)
        {
            return null;
        }

        var isTime = measure.Unit is MeasureUnit.Micros or MeasureUnit.Nanos && values.Concat(baseline).All(static v => v > 0);
        var ratio = !isTime ? null
            : isPaired ? Estimate.Of([.. pairs.Select(static p => Math.Log(p.After / p.Before))])
            : Estimate.OfDifference([.. values.Select(static v => Math.Log(v))], [.. baseline.Select(static v => Math.Log(v))]);
        return new Difference(measure, Estimate.Of(baseline)!.Value, Estimate.Of(values)!.Value, change, ratio, isPaired);
    }
}
