using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// Collects for whoever scrapes; those who come while it does so share what it gets. Thread-safe.
/// </summary>
internal sealed class Scraper : IDisposable
{
    private readonly MetricsSource _source;
    private readonly TelemetryVariables _variables;
    private readonly ConnectTimes _connectTimes = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Dictionary<TextFormat, Task<ScrapedText>> _running = [];

    // Whose turn it is.
    private Pipeline? _pipeline;

    /// <param name="source">Where the figures come from.</param>
    /// <param name="variables">What says who is measured.</param>
    public Scraper(MetricsSource source, TelemetryVariables variables) => (_source, _variables) = (source, variables);

    /// <summary>The metrics as text, no older than the call or the scrape that was under way.</summary>
    public Task<ScrapedText> ScrapeAsync(TextFormat format)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(format, out var scrape) || scrape.IsCompleted)
            {
                _running[format] = scrape = CollectAsync(format);
            }

            return scrape;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipeline?.Dispose();
        _turn.Dispose();
    }

    private async Task<ScrapedText> CollectAsync(TextFormat format)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // Whoever asks has a lock.
        await _turn.WaitAsync();
        try
        {
            await _source.RefreshAsync();
            var reading = _source.Read();
            _pipeline?.Slots.See(reading);
            if (_pipeline is null || _pipeline.Slots.AreUsedUp)
            {
                _pipeline?.Dispose();
                _pipeline = new Pipeline(_source, _variables, _connectTimes, reading);
            }

            _pipeline.Instruments.Prepare(reading);
            var text = new ScrapedText();
            _pipeline.Reader.Scrape(text, format);
            return text;
        }
        finally
        {
            _turn.Release();
            lock (_lock)
            {
                _running.Remove(format); // The text may be large.
            }
        }
    }

    /// <summary>A provider with all that belongs to it.</summary>
    private sealed class Pipeline : IDisposable
    {
        private readonly MeterProvider _provider;

        public Pipeline(MetricsSource source, TelemetryVariables variables, ConnectTimes connectTimes, MetricsReading reading)
        {
            Slots = SeriesSlots.For(reading);
            Slots.See(reading);
            Instruments = new InstrumentSet(source, connectTimes);
            _provider = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(variables.Configure)
                .SetResourceBuilder(TelemetryResource.Builder)
                .AddMeter(InstrumentSet.MeterName, RuntimeNames.MeterName)
                .AddView(instrument => Slots.View(instrument, Instruments.Meter, isExponential: false))
                .AddReader(Reader)
                .Build();
        }

        public SeriesSlots Slots { get; }

        public InstrumentSet Instruments { get; }

        public ScrapeReader Reader { get; } = new();

        public void Dispose()
        {
            Instruments.Dispose(); // First: the provider collects once more at its end, and nobody would see that.
            _provider.Dispose();
        }
    }
}
