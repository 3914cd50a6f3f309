namespace L4Lb.Lab.Results;

/// <summary>What must hold of a result for its figures to mean something.</summary>
internal static class ResultCheck
{
    // Thirty years in microseconds; means and squares of such are finite.
    private const double MostOfAnything = 1e15;

    /// <summary>The first thing that does not hold, in words; null when all does.</summary>
    public static string? FirstProblem(LabResult result)
    {
        if (result.Schedulers.Count == 0)
        {
            return "has no scheduler";
        }

        if (HasHoles(result.Schedulers) || HasHoles(result.Notes) || result.Schedulers.Any(static s => HasHoles(s.Runs))
            || result.Schedulers.SelectMany(static s => s.Runs).Any(static r => HasHoles(r.Backends) || HasHoles(r.Intervals)
                || HasHoles(r.Changes)))
        {
            return "has an empty entry, or lacks a list";
        }

        foreach (var same in result.Schedulers.GroupBy(static s => (s.Scheduler, s.Mode)).Where(static g => g.Skip(1).Any()))
        {
            return $"has {same.Key.Scheduler} twice";
        }

        foreach (var scheduler in result.Schedulers)
        {
            if (scheduler.Runs.Count == 0)
            {
                return $"{scheduler.Scheduler} has no run";
            }

            if (scheduler.Runs.DistinctBy(static r => r.Seed).Count() != scheduler.Runs.Count)
            {
                return $"{scheduler.Scheduler} has a seed twice";
            }

            foreach (var run in scheduler.Runs)
            {
                if (Problem(run) is { } problem)
                {
                    return $"{scheduler.Scheduler} under seed {run.Seed} {problem}";
                }
            }
        }

        return null;
    }

    /// <summary>What the reader does not look after: lists that may be left out when one is made, and null in any list.</summary>
    private static bool HasHoles<T>(IReadOnlyList<T>? list)
        where T : class => list is null || list.Any(static item => item is null);

    private static string? Problem(RunResult run)
    {
        if (run.Requests < 0 || run.Completed < 0 || run.Errors < 0 || run.Retries < 0)
        {
            return "has a negative number of requests";
        }

        if (run.Completed > run.Requests || run.Errors > run.Requests)
        {
            return "has more answers or errors than requests";
        }

        var numbers = run.Backends.SelectMany(static b => new[] { b.Share, b.DueShare, b.Utilization, b.MeanQueue, b.P99Micros })
            .Concat(run.Intervals.SelectMany(static i =>
                new[] { i.StartSeconds, i.P50Micros, i.P99Micros, i.CoefficientOfVariation, i.MaxOverMean, i.MeanQueue }))
            .Concat(run.Changes.SelectMany(static c => new[] { c.AtSeconds, c.Moved, c.Needed }))
            .Concat(run.Shares.QueueLengths)
            .Concat([run.Shares.CoefficientOfVariation, run.Shares.MaxOverMean, run.Shares.MinOverMean, run.Shares.MeanQueue,
                run.PickNanoseconds ?? 0]);
        return numbers.All(static n => n is >= 0 and < MostOfAnything) ? null : "has a figure that is negative or too large";
    }
}
