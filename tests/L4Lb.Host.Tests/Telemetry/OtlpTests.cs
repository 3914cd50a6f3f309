using L4Lb.Engine.Desired;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Tests.Telemetry;

public sealed class OtlpTests
{
    private const string Web = "l4lb.namespace=shop,l4lb.port=http,l4lb.service=web";

    [Theory]
    [InlineData(false, "none")]
    [InlineData(true, "none")]
    [InlineData(true, "gzip")]
    public async Task What_is_sent_has_the_figures_that_are_scraped(bool isGrpc, string compression)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc);
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        await engine.ApplyAsync(web);
        await engine.AskAsync(web, sessions: 9);
        string[] lines;
        using (var export = new TelemetryExport(engine.Source(), Variables(receiver, ("OTEL_EXPORTER_OTLP_COMPRESSION", compression))))
        {
            lines = await MeasuredEngine.ScrapeAsync(export.Scraper);
        }

        Assert.Equal(compression == "gzip", receiver.Compressed > 0);
        var points = receiver.Metrics[^1];
        Assert.Equal(9, Point(points, "l4lb.session.accepted").Value);
        Assert.Equal(9, Point(points, "l4lb.session.closed", "reason=completed").Value);
        Assert.Equal(900, Point(points, "l4lb.io.bytes", "direction=from_client").Value);
        Assert.Equal(9, Point(points, "l4lb.service.connect.duration", Web).Value);
        Assert.Equal(
            engine.Engine.GetTotals().ConnectTimes.SumMicros / 1e6, Point(points, "l4lb.connect.duration").Sum, 1e-9);
        foreach (var point in points.Where(static p => p.Metric.StartsWith("l4lb.", StringComparison.Ordinal) && !p.Metric.Contains("duration", StringComparison.Ordinal)))
        {
            Assert.Contains(TextOf(point), lines);
        }
    }

    [Fact]
    public async Task Differences_are_sent_when_they_are_asked_for_and_nothing_is_told_twice()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        await engine.ApplyAsync(web);
        using (new TelemetryExport(engine.Source(), Variables(
            receiver, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"), ("OTEL_METRIC_EXPORT_INTERVAL", "50"))))
        {
            for (var i = 0; i < 5; i++)
            {
                await engine.AskAsync(web, sessions: 3);
                var before = receiver.Metrics.Count;
                await Testing.Eventually.HoldsAsync(() => receiver.Metrics.Count > before, () => "an export");
            }
        }

        var all = receiver.Metrics.SelectMany(static export => export).ToArray();
        Assert.True(all.First(static p => p.Metric == "l4lb.session.accepted").IsDelta);
        Assert.False(all.First(static p => p.Metric == "l4lb.session.active").IsDelta);
        Assert.Equal(15, all.Where(static p => p.Metric == "l4lb.session.accepted").Sum(static p => p.Value));
        Assert.Equal(15, all.Where(static p => p.Metric == "l4lb.service.accepted").Sum(static p => p.Value));
        Assert.Equal(15, all.Where(static p => p.Metric == "l4lb.connect.duration").Sum(static p => p.Value));
    }

    [Fact]
    public async Task Histograms_are_exponential_when_that_is_asked_for()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        await engine.ApplyAsync(web);
        await engine.AskAsync(web, sessions: 4);
        using (new TelemetryExport(engine.Source(), Variables(
            receiver, ("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram"))))
        {
        }

        var point = Point(receiver.Metrics[^1], "l4lb.connect.duration");
        Assert.NotNull(point.Scale);
        Assert.Equal(4, point.Value);
    }

    [Fact]
    public async Task Backends_come_and_go_without_an_end_of_room_for_them()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        using (new TelemetryExport(engine.Source(), Variables(receiver, ("OTEL_METRIC_EXPORT_INTERVAL", "50"))))
        {
            for (var round = 1; round <= 12; round++)
            {
                var others = Enumerable.Range(1, 20).Select(i => new BackendSpec { Address = new(System.Net.IPAddress.Parse($"127.1.{round}.{i}"), 9) });
                await engine.ApplyAsync(web with { Backends = [web.Backends[0], .. others] });
                await engine.AskAsync(web, sessions: 1);
                var last = $"127.1.{round}.20:9";
                await Testing.Eventually.HoldsAsync(
                    () => receiver.Metrics is [.., var newest] && newest.Any(p => p.Metric == "l4lb.backend.healthy" && p.Attributes.Contains(last, StringComparison.Ordinal)),
                    () => $"{last} in an export");
            }
        }

        Assert.Equal(12, Point(receiver.Metrics[^1], "l4lb.service.accepted", Web).Value);
        Assert.Equal(21, receiver.Metrics[^1].Count(static p => p.Metric == "l4lb.backend.healthy"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spans_of_the_control_plane_are_sent(bool isGrpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc);
        await using var engine = await MeasuredEngine.StartAsync();
        using (new TelemetryExport(engine.Source(), Variables(receiver, ("OTEL_METRICS_EXPORTER", "none"))))
        {
            using var activity = Tracing.Start("configuration.load");
            Assert.NotNull(activity);
            Tracing.End(activity, problem: null);
        }

        Assert.Contains("configuration.load", receiver.Spans);
        Assert.Empty(receiver.Metrics);
    }

    private static TelemetryVariables Variables(OtlpReceiver receiver, params (string Name, string Value)[] more) => new(
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), new("OTEL_EXPORTER_OTLP_PROTOCOL", receiver.Protocol),
        .. more.Select(static pair => KeyValuePair.Create(pair.Name, (string?)pair.Value)),
    ]);

    private static OtlpPoint Point(IEnumerable<OtlpPoint> points, string metric, string attributes = "") =>
        points.Single(p => p.Metric == metric && p.Attributes == attributes);

    /// <summary>The same point as the text has it.</summary>
    private static string TextOf(OtlpPoint point)
    {
        var (_, definition) = InstrumentNames.All.Single(pair => pair.Otel == point.Metric);
        var labels = string.Join(',', point.Attributes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static attribute =>
            attribute.Split('=', 2) is [var name, var value] ? $"{TextNames.Sanitize(name)}=\"{value}\"" : ""));
        return $"{definition}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {point.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
