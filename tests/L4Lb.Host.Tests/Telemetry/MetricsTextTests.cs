using System.Diagnostics.Metrics;
using System.Text;
using L4Lb.Host.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace L4Lb.Host.Tests.Telemetry;

/// <summary>The oracle is OpenMetrics 1.0.0, and Prometheus' "Exposition formats" for its own.</summary>
public sealed class MetricsTextTests : IDisposable
{
    private readonly Meter _meter = new($"text-{Guid.NewGuid()}");
    private readonly ScrapeReader _reader = new();
    private readonly MeterProvider _provider;

    public MetricsTextTests() => _provider = Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "te\"st")]))
        .AddMeter(_meter.Name)
        .AddReader(_reader)
        .Build();

    [Fact]
    public void A_counter()
    {
        _meter.CreateCounter<long>("a.b-c", "{thing}", "What it is.").Add(3, new KeyValuePair<string, object?>("k.x", "v"));

        Assert.Equal(["# TYPE a_b_c_total counter", "# HELP a_b_c_total What it is.", "a_b_c_total{k_x=\"v\"} 3"], Scrape(TextFormat.Prometheus));
        Assert.Equal(["# TYPE a_b_c counter", "# HELP a_b_c What it is.", "a_b_c_total{k_x=\"v\"} 3"], Scrape(TextFormat.OpenMetrics));
    }

    [Fact]
    public void A_unit_ends_the_name_once()
    {
        _meter.CreateCounter<double>("cpu.time", "s").Add(1.5);
        _meter.CreateObservableCounter("io.bytes", () => 7L, "By");

        Assert.Equal(
            ["# TYPE cpu_time_seconds_total counter", "cpu_time_seconds_total 1.5", "# TYPE io_bytes_total counter", "io_bytes_total 7"],
            Scrape(TextFormat.Prometheus));
        Assert.Equal(
            [
                "# TYPE cpu_time_seconds counter", "# UNIT cpu_time_seconds seconds", "cpu_time_seconds_total 1.5",
                "# TYPE io_bytes counter", "# UNIT io_bytes bytes", "io_bytes_total 7",
            ],
            Scrape(TextFormat.OpenMetrics));
    }

    [Fact]
    public void Gauges_and_amounts()
    {
        _meter.CreateObservableGauge("g", () => double.NegativeInfinity);
        _meter.CreateObservableUpDownCounter("u", () => -4L);
        _meter.CreateObservableGauge("n", () => double.NaN);
        _meter.CreateObservableGauge("e", () => 1.5e-7);

        Assert.Equal(
            ["# TYPE g gauge", "g -Inf", "# TYPE u gauge", "u -4", "# TYPE n gauge", "n NaN", "# TYPE e gauge", "e 1.5e-07"],
            Scrape(TextFormat.Prometheus));
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_whose_bounds_are_floating_point_numbers()
    {
        var histogram = _meter.CreateHistogram(
            "h", "s", "", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2] });
        foreach (var value in new[] { 0.25, 0.5, 1.5, 8 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("k", "v"));
        }

        Assert.Equal(
            [
                "# TYPE h_seconds histogram",
                "# UNIT h_seconds seconds",
                "h_seconds_bucket{k=\"v\",le=\"0.5\"} 2",
                "h_seconds_bucket{k=\"v\",le=\"1.0\"} 2",
                "h_seconds_bucket{k=\"v\",le=\"2.0\"} 3",
                "h_seconds_bucket{k=\"v\",le=\"+Inf\"} 4",
                "h_seconds_sum{k=\"v\"} 10.25",
                "h_seconds_count{k=\"v\"} 4",
            ],
            Scrape(TextFormat.OpenMetrics));
    }

    [Fact]
    public void Backslashes_ends_of_lines_and_quotes_are_escaped()
    {
        _meter.CreateObservableGauge<long>("g", () => [new(1, new KeyValuePair<string, object?>("k", "a\\b\n\"c\" ü"))], null, "a\\b\n\"c\" ü");

        const string Sample = """g{k="a\\b\n\"c\" ü"} 1""";
        Assert.Equal(["# TYPE g gauge", """# HELP g a\\b\n"c" ü""", Sample], Scrape(TextFormat.Prometheus));
        Assert.Equal(["# TYPE g gauge", """# HELP g a\\b\n\"c\" ü""", Sample], Scrape(TextFormat.OpenMetrics));
    }

    [Fact]
    public void Who_is_measured_comes_first_and_the_end_is_marked()
    {
        var (prometheus, openMetrics) = (Text(TextFormat.Prometheus), Text(TextFormat.OpenMetrics));

        Assert.StartsWith("# TYPE target_info gauge\n", prometheus, StringComparison.Ordinal);
        Assert.Contains("\ntarget_info{service_name=\"te\\\"st\"} 1\n", prometheus, StringComparison.Ordinal);
        Assert.StartsWith("# TYPE target info\n", openMetrics, StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", openMetrics, StringComparison.Ordinal);
        Assert.DoesNotContain("EOF", prometheus, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dotnet.timer.count", "dotnet.timers")]
    [InlineData("dotnet.gc.collections", "dotnet.gc.collections")]
    public void Names_of_the_runtime_leave_the_endings_of_histograms_alone(string name, string expected) =>
        Assert.Equal(expected, RuntimeNames.Of(name));

    [Theory]
    [InlineData("9.lives", "_9_lives")]
    [InlineData("a.b/c", "a_b_c")]
    public void Names_have_letters_digits_and_underscores(string name, string expected) => Assert.Equal(expected, TextNames.Sanitize(name));

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    /// <summary>The lines behind those of the target and before the end.</summary>
    private IEnumerable<string> Scrape(TextFormat format) =>
        Text(format).TrimEnd('\n').Split('\n').Skip(3).Where(static line => line != "# EOF");

    private string Text(TextFormat format)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        _reader.Scrape(text, format);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
