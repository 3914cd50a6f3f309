using System.Collections;
using OpenTelemetry.Exporter;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// What OpenTelemetry's standard variables ask for (opentelemetry.io, specification, "Environment Variable Specification" and
/// "OpenTelemetry Protocol Exporter"). The SDK reads most of them itself; here is what it does not read, and whether anything
/// is to be sent at all: nothing is, unless an endpoint or an exporter is named. Immutable.
/// </summary>
internal sealed class TelemetryVariables
{
    private const string Disabled = "OTEL_SDK_DISABLED";

    private readonly Dictionary<string, string?> _variables;

    /// <param name="variables">Names and values.</param>
    public TelemetryVariables(IEnumerable<KeyValuePair<string, string?>> variables) =>
        _variables = variables.Where(static v => v.Key.StartsWith("OTEL_", StringComparison.Ordinal) && !string.IsNullOrEmpty(v.Value))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Those of this process.</summary>
    public static TelemetryVariables OfProcess() => new(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(static entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value)));

    /// <summary>Whether metrics are to be sent.</summary>
    public bool SendsMetrics => Sends("METRICS");

    /// <summary>Whether spans are to be sent.</summary>
    public bool SendsTraces => Sends("TRACES");

    /// <summary>Whether counters and histograms are sent as differences.</summary>
    public bool IsDelta => Is("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta");

    /// <summary>Whether histograms are sent with exponential buckets.</summary>
    public bool IsExponential => Is("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram");

    /// <summary>
    /// Has a provider read these variables and no others. That sending is switched off is not for it to see: then there is no
    /// provider that sends, and what is asked for at <c>/metrics</c> is answered all the same.
    /// </summary>
    public void Configure(IServiceCollection services) => services.AddSingleton<IConfiguration>(
        new ConfigurationBuilder().AddInMemoryCollection(_variables.Where(static v => v.Key != Disabled)).Build());

    /// <summary>Applies the variables of metrics alone.</summary>
    public void ConfigureMetrics(OtlpExporterOptions options) => Configure(options, "METRICS");

    /// <summary>Applies the variables of traces alone.</summary>
    public void ConfigureTraces(OtlpExporterOptions options) => Configure(options, "TRACES");

    private bool Sends(string signal)
    {
        if (Is(Disabled, "true"))
        {
            return false;
        }

        var exporters = Value($"OTEL_{signal}_EXPORTER")?.Split(',', StringSplitOptions.TrimEntries);
        return exporters is not null
            ? exporters.Contains("otlp", StringComparer.OrdinalIgnoreCase)
            : Value("OTEL_EXPORTER_OTLP_ENDPOINT") is not null || Value($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is not null;
    }

    private void Configure(OtlpExporterOptions options, string signal)
    {
        string? Own(string name) => Value($"OTEL_EXPORTER_OTLP_{signal}_{name}");
        if (Own("PROTOCOL")?.ToLowerInvariant() is { } protocol)
        {
#pragma warning disable CS0618 // gRPC is what the specification names; only the old frameworks' way to it is on its way out.
            options.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
#pragma warning restore CS0618
        }

        // One that is of a signal is taken as it is, without a path of ours behind it.
        if (Uri.TryCreate(Own("ENDPOINT"), UriKind.Absolute, out var endpoint))
        {
            options.Endpoint = endpoint;
        }

        options.Headers = Own("HEADERS") ?? options.Headers;
        options.TimeoutMilliseconds = int.TryParse(Own("TIMEOUT"), out var timeout) ? timeout : options.TimeoutMilliseconds;
    }

    private string? Value(string name) => _variables.GetValueOrDefault(name);

    private bool Is(string name, string value) => string.Equals(Value(name), value, StringComparison.OrdinalIgnoreCase);
}
