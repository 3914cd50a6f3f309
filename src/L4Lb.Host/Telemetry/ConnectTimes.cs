using System.Diagnostics.Metrics;
using L4Lb.Engine;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// Turns the engine's counts of connect times into records of histograms, with each collection what has come since the last
/// one: so that a session does nothing but count. Not thread-safe.
/// </summary>
internal sealed class ConnectTimes
{
    private DurationHistogram? _ofAll;
    private Dictionary<ServiceKey, DurationHistogram> _ofServices = [];

    /// <summary>
    /// Bounds of the buckets in seconds, 64 µs to 4.2 s, each twice the one before: ends of the engine's own buckets, so that
    /// whatever it counted is on the right side.
    /// </summary>
    public static IReadOnlyList<double> Bounds { get; } = [.. Enumerable.Range(6, 17).Select(static i => (1 << i) / 1e6)];

    /// <summary>Records what <paramref name="reading"/> has and the one before had not.</summary>
    public void Record(MetricsReading reading, Histogram<double> ofAll, Histogram<double> ofServices)
    {
        Record(ofAll, reading.Totals.ConnectTimes, _ofAll, []);
        _ofAll = reading.Totals.ConnectTimes;

        var known = new Dictionary<ServiceKey, DurationHistogram>(reading.Series.Count);
        foreach (var series in reading.Series)
        {
            var (key, now) = (series.Status.Spec.Key, series.Status.Sessions.ConnectTimes);
            var before = _ofServices.GetValueOrDefault(key);

            // A Service that was removed and came back counts from zero.
            Record(ofServices, now, before?.Count > now.Count ? null : before, series.Tags);
            known.Add(key, now);
        }

        _ofServices = known;
    }

    private static void Record(
        Histogram<double> histogram, DurationHistogram now, DurationHistogram? before, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (now.Count == before?.Count)
        {
            return;
        }

        foreach (var sample in now.Since(before))
        {
            var seconds = sample.MeanMicros / 1e6;
            for (var i = 0L; i < sample.Count; i++)
            {
                histogram.Record(seconds, tags);
            }
        }
    }
}
