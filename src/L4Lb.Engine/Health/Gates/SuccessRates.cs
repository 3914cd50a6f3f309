using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// Finds backends whose connects fail clearly more often than their peers': below mean − k × standard deviation of the
/// success rates of those with enough connects, if there are enough of those (Envoy, outlier_detection_impl.cc,
/// <c>successRateEjectionThreshold</c>; the deviation is the population's). Pure.
/// </summary>
internal static class SuccessRates
{
    /// <summary>Indices of the outliers, the worst first, and the rate below which they are.</summary>
    /// <param name="spec">What is asked.</param>
    /// <param name="connects">What each backend had in the interval.</param>
    internal static (IReadOnlyList<int> Outliers, double Threshold) Judge(OutlierSpec spec, IReadOnlyList<ConnectVolume> connects)
    {
        if (spec.SuccessRateDeviations <= 0)
        {
            return ([], 0);
        }

        var judged = connects.Index().Where(item => item.Item.Total >= spec.SuccessRateMinimumConnects).ToArray();
        if (judged.Length < spec.SuccessRateMinimumBackends)
        {
            return ([], 0);
        }

        var mean = judged.Average(item => item.Item.Rate);
        var deviation = Math.Sqrt(judged.Average(item => (item.Item.Rate - mean) * (item.Item.Rate - mean)));
        var threshold = mean - (spec.SuccessRateDeviations * deviation);
        return (
            [.. judged.Where(item => item.Item.Rate < threshold).OrderBy(item => item.Item.Rate).Select(item => item.Index)],
            threshold);
    }
}

/// <summary>Connects of an interval.</summary>
/// <param name="Succeeded">Those that succeeded.</param>
/// <param name="Failed">Those that failed.</param>
internal readonly record struct ConnectVolume(long Succeeded, long Failed)
{
    internal long Total => Succeeded + Failed;

    /// <summary>Share that succeeded; not a number without any.</summary>
    internal double Rate => (double)Succeeded / Total;
}
