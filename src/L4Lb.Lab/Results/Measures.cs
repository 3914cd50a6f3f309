namespace L4Lb.Lab.Results;

/// <summary>All that runs are judged by.</summary>
public static class Measures
{
    /// <summary>Mean latency.</summary>
    public static Measure Mean { get; } = new("latency_mean", "mean latency", MeasureUnit.Micros, -1, static run =>
        run.Latency.Count > 0 ? run.Latency.Mean : null);

    /// <summary>Half the requests are answered within it.</summary>
    public static Measure P50 { get; } = Quantile("latency_p50", "median latency", 0.5);

    /// <summary>90 % of the requests are answered within it.</summary>
    public static Measure P90 { get; } = Quantile("latency_p90", "90th percentile", 0.9);

    /// <summary>99 % of the requests are answered within it: what ranks.</summary>
    public static Measure P99 { get; } = Quantile("latency_p99", "99th percentile", 0.99);

    /// <summary>999 of 1000 requests are answered within it.</summary>
    public static Measure P999 { get; } = Quantile("latency_p99.9", "99.9th percentile", 0.999);

    /// <summary>The longest.</summary>
    public static Measure Max { get; } = new("latency_max", "longest", MeasureUnit.Micros, -1, static run =>
        run.Latency.Count > 0 ? run.Latency.Max : null);

    /// <summary>Mean wait for a backend to begin.</summary>
    public static Measure Waiting { get; } = new("waiting_mean", "mean wait", MeasureUnit.Micros, -1, static run =>
        run.Waiting.Count > 0 ? run.Waiting.Mean : null);

    /// <summary>Part of the requests that were not answered.</summary>
    public static Measure Errors { get; } = new("errors", "not answered", MeasureUnit.Part, -1, static run =>
        run.Requests > 0 ? (double)run.Errors / run.Requests : null);

    /// <summary>Attempts after the first, per request.</summary>
    public static Measure Retries { get; } = new("retries", "retries per request", MeasureUnit.Part, -1, static run =>
        run.Requests > 0 ? (double)run.Retries / run.Requests : null);

    /// <summary>How unevenly load lay.</summary>
    public static Measure Variation { get; } = new("share_cov", "coefficient of variation", MeasureUnit.Ratio, 0, static run =>
        run.Shares.CoefficientOfVariation);

    /// <summary>The busiest backend against its due.</summary>
    public static Measure MaxShare { get; } = new("share_max", "busiest backend, of its due", MeasureUnit.Ratio, 0, static run =>
        run.Shares.MaxOverMean);

    /// <summary>The idlest backend against its due.</summary>
    public static Measure MinShare { get; } = new("share_min", "idlest backend, of its due", MeasureUnit.Ratio, 0, static run =>
        run.Shares.MinOverMean);

    /// <summary>Requests at a backend on average.</summary>
    public static Measure MeanQueue { get; } = new("queue_mean", "requests at a backend, mean", MeasureUnit.Requests, -1, static run =>
        run.Shares.MeanQueue);

    /// <summary>The most at one backend.</summary>
    public static Measure MaxQueue { get; } = new("queue_max", "requests at a backend, most", MeasureUnit.Requests, -1, static run =>
        run.Shares.MaxQueue);

    /// <summary>What changes moved that had not to move, on average of the changes.</summary>
    public static Measure Excess { get; } = new("moved_excess", "moved without need", MeasureUnit.Part, -1, static run =>
        run.Changes.Count > 0 ? run.Changes.Average(static c => Math.Max(c.Moved - c.Needed, 0)) : null);

    /// <summary>Returning clients that went where they were before.</summary>
    public static Measure Kept { get; } = new("affinity_kept", "clients kept", MeasureUnit.Part, 1, static run =>
        run.Stickiness is { Returns: > 0 } s ? (double)s.Kept / s.Returns : null);

    /// <summary>Cost of a pick.</summary>
    public static Measure Pick { get; } = new("pick", "cost of a pick", MeasureUnit.Nanos, -1, static run => run.PickNanoseconds);

    /// <summary>All, latency first.</summary>
    public static IReadOnlyList<Measure> All { get; } =
    [
        Mean, P50, P90, P99, P999, Max, Waiting, Errors, Retries, Variation, MaxShare, MinShare, MeanQueue, MaxQueue, Excess, Kept, Pick,
    ];

    private static Measure Quantile(string name, string title, double quantile) => new(name, title, MeasureUnit.Micros, -1, run =>
        run.Latency.Count > 0 ? run.Latency.Quantile(quantile) : null);
}
