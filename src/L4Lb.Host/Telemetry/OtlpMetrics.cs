using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace L4Lb.Host.Telemetry;

/// <summary>Sends metrics by OTLP at regular times, on a thread of the SDK.</summary>
internal sealed class OtlpMetrics : IDisposable
{
    private readonly MetricsSource _source;
    private readonly TelemetryVariables _variables;
    private readonly ConnectTimes _connectTimes = new();
    private readonly Lock _lock = new();

    // Under the lock.
    private SeriesSlots _slots = null!;
    private InstrumentSet _instruments = null!;
    private MeterProvider _provider = null!;
    private bool _isDisposed;

    /// <summary>Begins to send.</summary>
    /// <param name="source">Where the figures come from.</param>
    /// <param name="variables">What is to be sent, and where to.</param>
    public OtlpMetrics(MetricsSource source, TelemetryVariables variables)
    {
        (_source, _variables) = (source, variables);
        Open();
    }

    /// <summary>Sends what is left, for at most five seconds.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Close();
        }
    }

    private void Open()
    {
        // With delta temporality the provider takes back the room of series that are gone, and must not be replaced: the next
        // one would send all that was ever counted as the first difference.
        var slots = _slots = _variables.IsDelta ? SeriesSlots.For(_source.Settings) : SeriesSlots.For(_source.Read());
        var instruments = _instruments = new InstrumentSet(_source, _connectTimes);
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(_variables.Configure)
            .SetResourceBuilder(TelemetryResource.Builder)
            .AddMeter(InstrumentSet.MeterName, RuntimeNames.MeterName)
            .AddView(instrument => slots.View(instrument, instruments.Meter, _variables.IsExponential))
            .AddOtlpExporter((exporter, _) => _variables.ConfigureMetrics(exporter))
            .Build();
        instruments.Taken += reading =>
        {
            _ = _source.RefreshAsync(); // For the next time.
            if (!_variables.IsDelta)
            {
                slots.See(reading);
                if (slots.AreUsedUp)
                {
                    _ = RenewAsync(slots); // Not by the thread that is in the midst of a collection.
                }
            }
        };
    }

    private async Task RenewAsync(SeriesSlots usedUp)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            if (!_isDisposed && ReferenceEquals(usedUp, _slots))
            {
                Close();
                Open();
            }
        }
    }

    private void Close()
    {
        _provider.Dispose();
        _instruments.Dispose();
    }
}
