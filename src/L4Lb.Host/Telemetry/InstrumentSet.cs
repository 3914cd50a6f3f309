using System.Collections;
using System.Diagnostics.Metrics;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// All instruments of the Meter <c>L4Lb</c>, for one reader of metrics: each has a set of its own, since what histograms are
/// told is the difference to its last collection. In a collection the instruments are asked one after the other; they answer
/// out of one reading, and a new one is taken when one of them is asked again.
/// </summary>
internal sealed class InstrumentSet : IDisposable
{
    /// <summary>Name of the Meter.</summary>
    public const string MeterName = "L4Lb";

    private const string ConnectDuration = "l4lb.connect.duration";
    private const string ServiceConnectDuration = "l4lb.service.connect.duration";

    /// <summary>What is asked in a collection; histograms are told instead.</summary>
    private static readonly IReadOnlyList<InstrumentDefinition> s_observed =
        [.. ProcessInstruments.All, .. DnsInstruments.All, .. ClusterInstruments.All, .. ServiceInstruments.All, .. BackendInstruments.All];

    private static readonly Dictionary<string, InstrumentScope> s_scopes = s_observed
        .Select(static d => KeyValuePair.Create(d.Name, d.Scope))
        .Append(new(ConnectDuration, InstrumentScope.Process))
        .Append(new(ServiceConnectDuration, InstrumentScope.Service()))
        .ToDictionary();

    private readonly MetricsSource _source;
    private readonly ConnectTimes _connectTimes;
    private readonly Histogram<double> _connects;
    private readonly Histogram<double> _serviceConnects;
    private readonly Lock _lock = new();

    // Under the lock: what instruments answer from, and which of them have.
    private readonly BitArray _asked = new(s_observed.Count);
    private MetricsReading? _reading;

    /// <param name="source">Where the figures come from.</param>
    /// <param name="connectTimes">What the reader has been told of connect times.</param>
    public InstrumentSet(MetricsSource source, ConnectTimes connectTimes)
    {
        (_source, _connectTimes) = (source, connectTimes);
        Meter = new Meter(new MeterOptions(MeterName) { Version = Product.Version });
        Instruments =
        [
            .. s_observed.Select((definition, i) => definition.Create(Meter, () => Reading(i))),
            _connects = CreateHistogram(
                ConnectDuration, "Time that a connect to a backend took, of those that succeeded."),
            _serviceConnects = CreateHistogram(ServiceConnectDuration, "Time that a connect to a backend of a service port took."),
        ];
    }

    /// <summary>The Meter.</summary>
    public Meter Meter { get; }

    /// <summary>Every instrument of it.</summary>
    public IReadOnlyList<Instrument> Instruments { get; }

    /// <summary>A new reading was taken. On the collecting thread, within the collection.</summary>
    public event Action<MetricsReading>? Taken;

    /// <summary>What the series of an instrument are of.</summary>
    public static InstrumentScope ScopeOf(string name) => s_scopes[name];

    /// <summary>Has the next collection tell <paramref name="reading"/>.</summary>
    public void Prepare(MetricsReading reading)
    {
        lock (_lock)
        {
            Take(reading);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private MetricsReading Reading(int instrument)
    {
        lock (_lock)
        {
            var reading = _reading is { } current && !_asked[instrument] ? current : Take(_source.Read());
            _asked[instrument] = true;
            if (_asked.HasAllSet())
            {
                _reading = null; // Nobody needs it until the next collection, and it may be large.
            }

            return reading;
        }
    }

    private MetricsReading Take(MetricsReading reading)
    {
        _reading = reading;
        _asked.SetAll(false);
        _connectTimes.Record(reading, _connects, _serviceConnects);
        Taken?.Invoke(reading);
        return reading;
    }

    private Histogram<double> CreateHistogram(string name, string description) => Meter.CreateHistogram(
        name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = ConnectTimes.Bounds });
}
