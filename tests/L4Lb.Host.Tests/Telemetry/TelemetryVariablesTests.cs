using L4Lb.Host.Telemetry;
using OpenTelemetry.Exporter;

namespace L4Lb.Host.Tests.Telemetry;

public sealed class TelemetryVariablesTests
{
    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_SERVICE_NAME=x", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4318/v1/metrics", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318/v1/traces", false, true)]
    [InlineData("OTEL_METRICS_EXPORTER=otlp", true, false)]
    [InlineData("OTEL_TRACES_EXPORTER=console,OTLP", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_METRICS_EXPORTER=none", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_METRICS_EXPORTER=prometheus", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_SDK_DISABLED=TRUE", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_SDK_DISABLED=no", true, true)]
    public void Nothing_is_sent_unless_it_is_asked_for(string variables, bool metrics, bool traces)
    {
        var read = Of(variables);

        Assert.Equal((metrics, traces), (read.SendsMetrics, read.SendsTraces));
    }

    [Fact]
    public void Those_of_a_signal_have_the_last_word()
    {
        var read = Of("""
            OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:1/m OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf
            OTEL_EXPORTER_OTLP_METRICS_HEADERS=a=b OTEL_EXPORTER_OTLP_METRICS_TIMEOUT=77
            OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=Delta
            OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION=base2_exponential_bucket_histogram
            """);
        var (metrics, traces) = (new OtlpExporterOptions(), new OtlpExporterOptions());

        read.ConfigureMetrics(metrics);
        read.ConfigureTraces(traces);

        Assert.Equal(
            (new Uri("http://c:1/m"), OtlpExportProtocol.HttpProtobuf, "a=b", 77),
            (metrics.Endpoint, metrics.Protocol, metrics.Headers, metrics.TimeoutMilliseconds));
        Assert.Equal(new OtlpExporterOptions().Endpoint, traces.Endpoint);
        Assert.Equal((true, true), (read.IsDelta, read.IsExponential));
    }

    private static TelemetryVariables Of(string variables) => new(variables
        .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(static word => word.Contains('=', StringComparison.Ordinal))
        .Select(static word => word.Split('=', 2)).Select(static pair => KeyValuePair.Create(pair[0], (string?)pair[1])));
}
