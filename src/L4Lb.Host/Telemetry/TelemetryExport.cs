using OpenTelemetry;
using OpenTelemetry.Trace;

namespace L4Lb.Host.Telemetry;

/// <summary>All that leaves this process of metrics and spans: at <c>/metrics</c> when asked, by OTLP when told to.</summary>
internal sealed class TelemetryExport : IDisposable
{
    // The framework's own spans of HTTP requests: here, those to the API server. The exporter's own are suppressed by the SDK.
    private const string HttpSource = "System.Net.Http";

    private readonly OtlpMetrics? _metrics;
    private readonly TracerProvider? _traces;

    /// <summary>Begins to send, if anything is to be sent.</summary>
    /// <param name="source">Where the figures come from.</param>
    /// <param name="variables">What is to be sent, and where to.</param>
    public TelemetryExport(MetricsSource source, TelemetryVariables variables)
    {
        Scraper = new Scraper(source, variables);
        if (variables.SendsMetrics)
        {
            _metrics = new OtlpMetrics(source, variables);
        }

        if (variables.SendsTraces)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(variables.Configure)
                .SetResourceBuilder(TelemetryResource.Builder)
                .AddSource(Tracing.SourceName, HttpSource)
                .AddOtlpExporter(variables.ConfigureTraces)
                .Build();
        }
    }

    /// <summary>Answers <c>/metrics</c>.</summary>
    public Scraper Scraper { get; }

    /// <summary>Sends what is left, for a few seconds at most.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        Scraper.Dispose();
    }
}
