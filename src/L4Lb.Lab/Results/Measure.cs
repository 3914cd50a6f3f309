namespace L4Lb.Lab.Results;

/// <summary>In what something is measured.</summary>
public enum MeasureUnit
{
    /// <summary>Microseconds.</summary>
    Micros,

    /// <summary>Nanoseconds.</summary>
    Nanos,

    /// <summary>A part of a whole, 0…1.</summary>
    Part,

    /// <summary>How many times.</summary>
    Ratio,

    /// <summary>A number of requests.</summary>
    Requests,
}

/// <summary>Something that runs are judged by.</summary>
/// <param name="Name">For programs: <c>latency_p99</c>.</param>
/// <param name="Title">For readers.</param>
/// <param name="Unit">Of its values.</param>
/// <param name="Better">Whether less is better (−1), more (1), or neither (0).</param>
/// <param name="Of">What a run has; null when it was not measured there.</param>
public sealed record Measure(string Name, string Title, MeasureUnit Unit, int Better, Func<RunResult, double?> Of)
{
    /// <summary>The mean over the runs of <paramref name="scheduler"/>; null when none has it.</summary>
    public Estimate? Estimate(SchedulerResult scheduler) => Results.Estimate.Of(Values(scheduler));

    /// <summary>What each run has that has it.</summary>
    public IReadOnlyCollection<double> Values(SchedulerResult scheduler) => [.. scheduler.Runs.Select(Of).OfType<double>()];
}
