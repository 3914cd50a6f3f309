using System.Diagnostics.Metrics;
using L4Lb.Engine.Desired;
using OpenTelemetry.Metrics;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// How many series a provider of metrics has room for, which it wants to know beforehand: it makes room for all at once, and
/// (but for delta temporality) never takes one back. As backends come and go the room is used up, and the provider must make
/// way for another. Not thread-safe.
/// </summary>
internal sealed class SeriesSlots
{
    private const int Least = 64;

    private readonly int _services;
    private readonly int _backends;
    private readonly HashSet<ServiceKey> _seenServices = [];
    private readonly HashSet<(ServiceKey, AddressKey)> _seenBackends = [];

    private SeriesSlots(int services, int backends) => (_services, _backends) = (services, backends);

    /// <summary>Whether something was seen that there is no room for.</summary>
    public bool AreUsedUp => _seenServices.Count > _services || _seenBackends.Count > _backends;

    /// <summary>Room for what <paramref name="reading"/> has, and as much again.</summary>
    public static SeriesSlots For(MetricsReading reading) =>
        new(Math.Max(Least, reading.Series.Count * 2), Math.Max(Least, reading.BackendSeriesCount * 2));

    /// <summary>Room for the most that there may be, and as much again: for those who take back what is not used.</summary>
    public static SeriesSlots For(MetricsSettings settings) =>
        new(Math.Max(Least, settings.MaxServices * 2), Math.Max(Least, settings.MaxBackends * 2));

    /// <summary>Takes note of who has series.</summary>
    public void See(MetricsReading reading)
    {
        foreach (var series in reading.Series)
        {
            var key = series.Status.Spec.Key;
            _seenServices.Add(key);
            if (series.HasBackends)
            {
                foreach (var backend in series.Status.Backends)
                {
                    _seenBackends.Add((key, AddressKey.From(backend.Spec.Address)));
                }
            }
        }
    }

    /// <summary>What a provider is to do with an instrument.</summary>
    /// <param name="instrument">The instrument, of any Meter.</param>
    /// <param name="own">The Meter of the provider's own instruments: those of other sets are not for it.</param>
    /// <param name="isExponential">Whether histograms have exponential buckets.</param>
    public MetricStreamConfiguration? View(Instrument instrument, Meter own, bool isExponential)
    {
        if (instrument.Meter.Name != InstrumentSet.MeterName)
        {
            return null;
        }

        if (!ReferenceEquals(instrument.Meter, own))
        {
            return MetricStreamConfiguration.Drop;
        }

        var limit = InstrumentSet.ScopeOf(instrument.Name) switch
        {
            { Kind: ScopeKind.Service } scope => _services * scope.Each,
            { Kind: ScopeKind.Backend } scope => _backends * scope.Each,
            _ => Least * 4, // Reasons, states, pools.
        };
        return instrument is Histogram<double> && isExponential
            ? new Base2ExponentialBucketHistogramConfiguration { CardinalityLimit = limit }
            : new MetricStreamConfiguration { CardinalityLimit = limit };
    }
}
