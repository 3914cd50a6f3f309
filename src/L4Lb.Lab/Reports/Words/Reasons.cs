using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Words;

/// <summary>
/// Why a scheduler is where it is, as far as the figures say: the first of these that holds. Nothing is known of the algorithm, so nothing
/// is claimed that was not measured.
/// </summary>
internal static class Reasons
{
    // A backend is slow when it needs so many times what the middle one does: no queue of a healthy one comes to that at loads up to 0.9.
    private const double SlowFactor = 2.5;

    // So much of a backend's time cannot be busy unless more comes than it can do: else waits would be fifty times the work.
    private const double AllTheTime = 0.98;

    private const double MuchIdle = 0.1;

    /// <summary>The reason in a clause that follows <c>since</c>, with the figures behind it; null when they show none.</summary>
    /// <param name="of">Whose reason.</param>
    /// <param name="first">The best, whom it is compared with; may be itself.</param>
    /// <param name="backends">How many there are in all.</param>
    public static string? Of(Entry of, Entry first, int backends) => Find(of, first, backends, isShort: false);

    /// <summary>As <see cref="Of"/>, for a table.</summary>
    public static string? Short(Entry of, Entry first, int backends) => Find(of, first, backends, isShort: true);

    private static string? Find(Entry of, Entry first, int backends, bool isShort) =>
        Errors(of, first) ?? SlowBackends(of, first, backends, isShort) ?? Overloaded(of, first, backends) ?? Uneven(of, first)
            ?? Herding(of, first) ?? Queues(of, first);

    private static string? Errors(Entry of, Entry first)
    {
        var (errors, fewest) = (of.Mean(Measures.Errors), first.Mean(Measures.Errors));
        return errors > fewest + Ranking.ErrorsTolerance
            ? $"it leaves {Figures.Percent(errors)} of the requests unanswered{(of == first ? "" : $", {first.Name} {Figures.Percent(fewest)}")}"
            : null;
    }

    private static string? SlowBackends(Entry of, Entry first, int backends, bool isShort)
    {
        var served = of.Backends.Where(static b => b.Requests > 0 && b.P99Micros > 0).OrderBy(static b => b.P99Micros).ToList();
        if (served.Count < 3)
        {
            return null;
        }

        var middle = served[served.Count / 2].P99Micros;
        var slow = served.Where(b => b.P99Micros >= SlowFactor * middle).ToList();
        if (slow.Count == 0 || slow.Count > served.Count / 3)
        {
            return null;
        }

        // Slow by itself, not by being given too much; and the best gives it clearly less. Otherwise the reason is another.
        var part = PartOfDue(slow);
        var best = of == first ? 0 : PartOfDue(Same(slow, first));
        if (part is < 0.25 or > 1.25 or double.NaN || part < 1.2 * best)
        {
            return null;
        }

        var (isOne, share) = (slow.Count == 1 || Lists.Of(slow.Count, backends).StartsWith("one", StringComparison.Ordinal),
            part >= 0.9 ? "its full share" : $"{Figures.Percent(part)} of its due");
        if (isShort)
        {
            return $"{(isOne ? "the slow backend gets" : $"{Lists.Of(slow.Count, backends)} are slow, and get")} {share}{Instead(slow, first, of)}";
        }

        return $"{Lists.Of(slow.Count, backends)} {(isOne ? "is" : "are")} slow (99 % within {Figures.Duration(slow[slow.Count / 2].P99Micros)} there, "
            + $"{Figures.Duration(middle)} at the others) and {of.Name} sends {(isOne ? "it" : "each")} {share}{Instead(slow, first, of)}";
    }

    /// <summary>What the best sends there.</summary>
    private static string Instead(List<BackendResult> slow, Entry first, Entry of)
    {
        var same = Same(slow, first);
        return of == first || same.Count != slow.Count ? "" : $", {first.Name} {Figures.Percent(PartOfDue(same))} of it";
    }

    private static List<BackendResult> Same(List<BackendResult> backends, Entry of) =>
        [.. of.Backends.Where(b => backends.Exists(s => s.Name == b.Name))];

    private static double PartOfDue(List<BackendResult> backends) =>
        backends.Count == 0 ? 0 : backends.Sum(static b => b.Share) / backends.Sum(static b => b.DueShare);

    private static string? Overloaded(Entry of, Entry first, int backends)
    {
        var (busy, others) = (of.Backends.Where(IsBusy).ToList(), of.Backends.Where(static b => !IsBusy(b)).ToList());
        if (of == first || busy.Count == 0 || others.Count == 0 || busy.Count <= first.Backends.Count(IsBusy))
        {
            return null;
        }

        var idle = 1 - others.Average(static b => b.Utilization);
        return idle < MuchIdle || backends > of.Backends.Count ? null
            : $"{Lists.Of(busy.Count, backends)} {(busy.Count == 1 ? "is" : "are")} busy all the time, with {Figures.Times(PartOfDue(busy))} times "
                + $"{(busy.Count == 1 ? "its" : "their")} due, while the others are idle {Figures.Percent(idle)} of it";
    }

    private static bool IsBusy(BackendResult backend) => backend.Utilization >= AllTheTime;

    private static string? Uneven(Entry of, Entry first)
    {
        var (most, least) = (of.Mean(Measures.MaxShare), first.Mean(Measures.MaxShare));
        return most >= 1.25 && (of == first || most >= 1.1 * least)
            ? $"its busiest backend gets {Figures.Times(most)} times its due{(of == first ? "" : $", {first.Name}'s {Figures.Times(least)} times")}"
            : null;
    }

    private static string? Herding(Entry of, Entry first)
    {
        if (of == first || of.Intervals.Count == 0 || first.Intervals.Count != of.Intervals.Count)
        {
            return null;
        }

        var (steps, others) = (of.Intervals.Average(static i => i.MaxOverMean), first.Intervals.Average(static i => i.MaxOverMean));
        return steps >= 1.5 && steps >= 1.25 * of.Mean(Measures.MaxShare) && steps >= 1.2 * others
            ? $"its loads are even over the whole run but not from moment to moment: within a step of "
                + $"{Figures.Seconds(StepOf(of))} its busiest backend gets {Figures.Times(steps)} times the mean, {first.Name}'s {Figures.Times(others)} times"
            : null;
    }

    private static string? Queues(Entry of, Entry first)
    {
        var (most, least) = (of.Mean(Measures.MaxQueue), first.Mean(Measures.MaxQueue));
        return of != first && most >= 1.5 * least && most >= 2
            ? $"its fullest backend has {Figures.Digits(most)} requests at a time, {first.Name}'s {Figures.Digits(least)}"
            : null;
    }

    private static double StepOf(Entry of) => of.Intervals.Count > 1 ? of.Intervals[1].StartSeconds - of.Intervals[0].StartSeconds : 1;
}
