using L4Lb.Lab.Measuring;

namespace L4Lb.Lab.Results;

/// <summary>One run of one scheduler under one seed. Times are microseconds, of requests that began after the warm-up.</summary>
/// <param name="Seed">Determines all chance.</param>
/// <param name="Requests">Requests offered.</param>
/// <param name="Completed">Requests answered.</param>
/// <param name="Errors">Requests not answered: every attempt failed, nobody was eligible, or it was cut off.</param>
/// <param name="Retries">Attempts after the first.</param>
public sealed record RunResult(ulong Seed, long Requests, long Completed, long Errors, long Retries)
{
    /// <summary>From the intended start to the last byte of the answer: waiting and retries included.</summary>
    public required Histogram Latency { get; init; }

    /// <summary>The part of the latency before a backend began to work on it.</summary>
    public required Histogram Waiting { get; init; }

    /// <summary>Mean cost of a pick in real nanoseconds; null when it was not measured.</summary>
    public double? PickNanoseconds { get; init; }

    /// <summary>How load lay on the backends over the whole run.</summary>
    public required ShareResult Shares { get; init; }

    /// <summary>The backends, at most <see cref="BackendsMax"/>: all, or those that differ most from their due.</summary>
    public IReadOnlyList<BackendResult> Backends { get; init; } = [];

    /// <summary>What happened over time, in equal steps.</summary>
    public IReadOnlyList<IntervalResult> Intervals { get; init; } = [];

    /// <summary>What each change of the set of backends moved; null when nothing changed.</summary>
    public IReadOnlyList<ChangeResult> Changes { get; init; } = [];

    /// <summary>How well clients kept their backend; null where no client came twice.</summary>
    public StickinessResult? Stickiness { get; init; }

    /// <summary>Most backends that a run lists one by one.</summary>
    public const int BackendsMax = 64;
}

/// <summary>How evenly load lay, each backend against what its weight is due: 1 is exactly its due.</summary>
/// <param name="CoefficientOfVariation">Standard deviation over mean of the backends' requests per weight.</param>
/// <param name="MaxOverMean">The largest of them over the mean.</param>
/// <param name="MinOverMean">The smallest of them over the mean.</param>
/// <param name="MeanQueue">Requests at a backend, waiting and served, averaged over time and backends.</param>
/// <param name="MaxQueue">The most that were at one backend at any time.</param>
/// <param name="QueueLengths">Part of (time × backends) with at least 0, 1, 2, … requests there; ends when it gets below 1e-9.</param>
public sealed record ShareResult(
    double CoefficientOfVariation, double MaxOverMean, double MinOverMean, double MeanQueue, int MaxQueue,
        IReadOnlyList<double> QueueLengths);

/// <summary>What one backend did.</summary>
/// <param name="Name">Its group and number, as <c>slow-3</c>.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Requests">Requests that it was given.</param>
/// <param name="Share">Its part of all requests, 0…1.</param>
/// <param name="DueShare">The part that its weight is due, 0…1.</param>
/// <param name="Utilization">Part of its workers' time that was busy, 0…1.</param>
/// <param name="MeanQueue">Requests there, waiting and served, on average over time.</param>
/// <param name="MaxQueue">The most at any time.</param>
/// <param name="P99Micros">99 % of its answers took no longer, in microseconds.</param>
/// <param name="Errors">Attempts at it that failed.</param>
public sealed record BackendResult(
    string Name, int Weight, long Requests, double Share, double DueShare, double Utilization, double MeanQueue, int MaxQueue,
    double P99Micros, long Errors);

/// <summary>A step of time.</summary>
/// <param name="StartSeconds">When it began, from the end of the warm-up.</param>
/// <param name="Requests">Requests that began in it.</param>
/// <param name="Errors">Of these, the ones not answered.</param>
/// <param name="P50Micros">Median latency of these.</param>
/// <param name="P99Micros">99th percentile of these.</param>
/// <param name="CoefficientOfVariation">As <see cref="ShareResult"/>, of this step alone and of those eligible in it.</param>
/// <param name="MaxOverMean">As <see cref="ShareResult"/>, of this step alone.</param>
/// <param name="MeanQueue">Requests at a backend on average.</param>
/// <param name="MaxQueue">The most at one backend.</param>
/// <param name="Eligible">Backends that might be picked at its end.</param>
public sealed record IntervalResult(
    double StartSeconds, long Requests, long Errors, double P50Micros, double P99Micros, double CoefficientOfVariation, double MaxOverMean,
    double MeanQueue, int MaxQueue, int Eligible);

/// <summary>What a change of the set of backends moved, asked of the scheduler itself for a sample of flows.</summary>
/// <param name="AtSeconds">When, from the end of the warm-up.</param>
/// <param name="What">In words: <c>web-3 left</c>.</param>
/// <param name="Moved">Part of the sampled flows whose first choice is another than before, 0…1.</param>
/// <param name="Needed">The part that had to move, 0…1: those whose backend left, or that newcomers are due.</param>
public sealed record ChangeResult(double AtSeconds, string What, double Moved, double Needed);

/// <summary>How well clients kept their backend.</summary>
/// <param name="Returns">Requests of clients that had been there before.</param>
/// <param name="Kept">Of these, the ones that went to the same backend as the client's last.</param>
public sealed record StickinessResult(long Returns, long Kept);
