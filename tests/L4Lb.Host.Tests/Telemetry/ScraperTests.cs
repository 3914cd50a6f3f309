using L4Lb.Engine.Desired;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Tests.Telemetry;

public sealed class ScraperTests
{
    private const string Web = "l4lb_namespace=\"shop\",l4lb_port=\"http\",l4lb_service=\"web\"";

    [Fact]
    public async Task Figures_are_those_of_the_engine()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        await engine.ApplyAsync(web, engine.Service("idle"));
        await engine.AskAsync(web, sessions: 7);
        using var scraper = new Scraper(engine.Source(), new TelemetryVariables([]));

        var lines = await MeasuredEngine.ScrapeAsync(scraper);

        Assert.Contains("l4lb_session_accepted_total 7", lines);
        Assert.Contains("l4lb_session_closed_total{reason=\"completed\"} 7", lines);
        Assert.Contains("l4lb_io_bytes_total{direction=\"from_client\"} 700", lines);
        Assert.Contains("l4lb_connect_attempts_total{outcome=\"connected\"} 7", lines);
        Assert.Contains("l4lb_connect_duration_seconds_count 7", lines);
        Assert.Contains("l4lb_listener_state{state=\"listening\"} 2", lines);
        Assert.Contains("l4lb_config_revision 2", lines);
        Assert.Contains($"l4lb_service_accepted_total{{{Web}}} 7", lines);
        Assert.Contains($"l4lb_service_closed_total{{{Web},reason=\"completed\"}} 7", lines);
        Assert.Contains($"l4lb_service_connect_duration_seconds_bucket{{{Web},le=\"+Inf\"}} 7", lines);
        Assert.Contains($"l4lb_backend_accepted_total{{l4lb_backend=\"{web.Backends[0].Address}\",{Web}}} 7", lines);
        Assert.Contains("l4lb_service_accepted_total{l4lb_namespace=\"shop\",l4lb_port=\"http\",l4lb_service=\"idle\"} 0", lines);
        Assert.Contains("l4lb_metrics_omitted{kind=\"backend\"} 0", lines);
    }

    [Fact]
    public async Task Connect_times_are_told_once_and_their_sum_is_exact()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        await engine.ApplyAsync(web);
        using var scraper = new Scraper(engine.Source(), new TelemetryVariables([]));

        for (var i = 1; i <= 3; i++)
        {
            await engine.AskAsync(web, sessions: 5);
            var lines = await MeasuredEngine.ScrapeAsync(scraper);

            Assert.Equal(5 * i, ValueOf(lines, "l4lb_connect_duration_seconds_count"));
            Assert.Equal(5 * i, ValueOf(lines, $"l4lb_service_connect_duration_seconds_count{{{Web}}}"));
            Assert.Equal(
                engine.Engine.GetTotals().ConnectTimes.SumMicros / 1e6, ValueOf(lines, "l4lb_connect_duration_seconds_sum"), 1e-9);
        }
    }

    [Fact]
    public async Task What_is_gone_has_no_series_any_more()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web", "127.0.0.2:9");
        await engine.ApplyAsync(web, engine.Service("other"));
        using var scraper = new Scraper(engine.Source(), new TelemetryVariables([]));
        Assert.Contains(await MeasuredEngine.ScrapeAsync(scraper), static l => l.Contains("127.0.0.2:9", StringComparison.Ordinal));

        await engine.ApplyAsync(web with { Backends = [web.Backends[0]] });
        var lines = await MeasuredEngine.ScrapeAsync(scraper);

        Assert.DoesNotContain(lines, static l => l.Contains("127.0.0.2:9", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static l => l.Contains("\"other\"", StringComparison.Ordinal) && !l.Contains("_duration_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Backends_come_and_go_without_an_end_of_room_for_them_and_nothing_is_counted_twice()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        using var scraper = new Scraper(engine.Source(), new TelemetryVariables([]));

        for (var round = 1; round <= 30; round++)
        {
            var others = Enumerable.Range(1, 20).Select(i => new BackendSpec { Address = new(System.Net.IPAddress.Parse($"127.1.{round}.{i}"), 9) });
            var now = web with { Backends = [web.Backends[0], .. others] };
            await engine.ApplyAsync(now);
            await engine.AskAsync(web, sessions: 1);
            var lines = await MeasuredEngine.ScrapeAsync(scraper);

            Assert.DoesNotContain(lines, static l => l.Contains("overflow", StringComparison.Ordinal));
            Assert.Equal(21, lines.Count(static l => l.StartsWith("l4lb_backend_healthy{", StringComparison.Ordinal)));
            Assert.Contains($"l4lb_service_accepted_total{{{Web}}} {round}", lines);
            Assert.InRange(ValueOf(lines, "l4lb_connect_duration_seconds_count"), 1, round);
        }
    }

    [Fact]
    public async Task Beyond_the_most_there_are_totals_and_how_much_is_left_out()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        await engine.ApplyAsync([.. Enumerable.Range(0, 5).Select(i => engine.Service($"s{i}", "127.0.0.2:9"))]);
        using var scraper = new Scraper(engine.Source(new MetricsSettings(MaxServices: 3, MaxBackends: 5)), new TelemetryVariables([]));

        var lines = await MeasuredEngine.ScrapeAsync(scraper);

        Assert.Equal(3, lines.Count(static l => l.StartsWith("l4lb_service_sessions{", StringComparison.Ordinal)));
        Assert.Equal(4, lines.Count(static l => l.StartsWith("l4lb_backend_healthy{", StringComparison.Ordinal)));
        Assert.Contains("l4lb_config_services 5", lines);
        Assert.Contains("l4lb_config_backends 10", lines);
        Assert.Contains("l4lb_metrics_omitted{kind=\"service\"} 2", lines);
        Assert.Contains("l4lb_metrics_omitted{kind=\"backend\"} 6", lines);
    }

    [Fact]
    public async Task Ten_thousand_services_are_scraped_within_bounds()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        await engine.ApplyAsync(
        [
            .. Enumerable.Range(0, 10_000).Select(static i => new ServiceSpec
            {
                Key = new("shop", $"service-{i}", "http"),
                Backends = [.. Enumerable.Range(1, 10).Select(j => new BackendSpec { Address = new((0x7F00000AL + (i << 8)) & 0xFFFFFFFF, j) })],
            }),
        ]);
        using var scraper = new Scraper(engine.Source(), new TelemetryVariables([]));
        await scraper.ScrapeAsync(TextFormat.Prometheus);

        var text = await scraper.ScrapeAsync(TextFormat.Prometheus);

        Assert.InRange(text.Length, 5_000_000, 30_000_000);
        var lines = await MeasuredEngine.ScrapeAsync(scraper);
        Assert.Equal(10_000, lines.Count(static l => l.StartsWith("l4lb_backend_healthy{", StringComparison.Ordinal)));
        Assert.Contains("l4lb_metrics_omitted{kind=\"service\"} 8000", lines);
        Assert.DoesNotContain(lines, static l => l.Contains("overflow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Those_who_scrape_at_the_same_time_share_what_is_collected()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        using var scraper = new Scraper(engine.Source(), new TelemetryVariables([]));

        var scrapes = Enumerable.Range(0, 20).Select(_ => scraper.ScrapeAsync(TextFormat.OpenMetrics)).ToArray();
        var texts = await Task.WhenAll(scrapes);

        Assert.True(texts.Distinct().Count() < texts.Length);
        Assert.NotSame(texts[0], await scraper.ScrapeAsync(TextFormat.OpenMetrics));
    }

    [Fact]
    public async Task Sending_that_is_switched_off_does_not_empty_what_is_scraped()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        using var scraper = new Scraper(engine.Source(), new TelemetryVariables([new("OTEL_SDK_DISABLED", "true"), new("OTEL_SERVICE_NAME", "edge")]));

        var lines = await MeasuredEngine.ScrapeAsync(scraper);

        Assert.Contains("l4lb_config_revision 1", lines);
        Assert.Contains(lines, static l => l.StartsWith("target_info{", StringComparison.Ordinal) && l.Contains("service_name=\"edge\"", StringComparison.Ordinal));
    }

    private static double ValueOf(string[] lines, string series) => double.Parse(
        lines.Single(l => l.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
