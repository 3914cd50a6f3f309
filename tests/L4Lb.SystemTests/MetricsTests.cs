using System.Net;
using System.Net.Http.Headers;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>What is measured, as those see it who measure: Prometheus and its tools.</summary>
public sealed class MetricsTests
{
    private const string Web = "l4lb_service=\"web\"";

    private static readonly string s_rules = Path.Combine(RepositoryFolder.Root, "deploy", "prometheus");

    [Fact]
    public async Task Promtool_finds_nothing_wrong_with_the_text()
    {
        Requirements.Program("promtool");
        await using var web = await ThreeBackends.StartAsync(("health-check", "tcp,interval=100ms"));
        await web.AskAsync(20);
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        var text = folder.Write("metrics", await http.GetStringAsync(new Uri(web.L4Lb.Admin, "/metrics")));

        var check = await ChildProcess.RunAsync("sh", "-c", $"promtool check metrics < {text}");

        Assert.Equal((0, "", ""), (check.ExitCode, check.Output, check.Errors));
    }

    [Fact]
    public async Task Prometheus_has_the_figures_and_its_alerts_see_a_backend_that_is_down()
    {
        Requirements.Program("prometheus");
        await using var web = await ThreeBackends.StartAsync(("health-check", "tcp,interval=100ms"));
        await web.AskAsync(30);
        await using var prometheus = await Prometheus.StartAsync(web.L4Lb.Admin, Path.Combine(s_rules, "alerts.yaml"));

        await HasAsync(prometheus, "up", 1);
        await HasAsync(prometheus, "l4lb_ready", 1);
        await HasAsync(prometheus, "l4lb_session_accepted_total", 30);
        await HasAsync(prometheus, "sum(l4lb_session_closed_total)", 30);
        await HasAsync(prometheus, $"l4lb_service_accepted_total{{{Web}}}", 30);
        await HasAsync(prometheus, $"sum(l4lb_backend_accepted_total{{{Web}}})", 30);
        await HasAsync(prometheus, $"max(l4lb_backend_accepted_total{{{Web}}})", 10);
        await HasAsync(prometheus, "l4lb_connect_duration_seconds_count", 30);
        await HasAsync(prometheus, $"l4lb_service_backends{{{Web},state=\"up\"}}", 3);
        Assert.Empty(await prometheus.AlertsAsync());

        await web.Backends[0].KillAsync();

        await HasAsync(prometheus, $"l4lb_backend_healthy{{{Web},l4lb_backend=\"{web.EndPoints[0]}\"}}", 0);
        await HasAsync(prometheus, $"l4lb_service_eligible_backends{{{Web}}}", 2);
        await Eventually.HoldsAsync(
            "the alert of the backend is pending", async () => (await prometheus.AlertsAsync()).SequenceEqual(["L4LbBackendDown"]));
    }

    [Fact]
    public async Task Rules_do_what_their_tests_say()
    {
        Requirements.Program("promtool");

        var test = await ChildProcess.RunAsync("promtool", "test", "rules", Path.Combine(s_rules, "alerts_test.yaml"));

        Assert.True(test.ExitCode == 0, test.Output + test.Errors);
    }

    [Fact]
    public async Task The_configuration_of_Prometheus_is_one_with_its_rules_beside_it()
    {
        const string Token = "/tokens/reader"; // Compose's; here it is another file.
        Requirements.Program("promtool");
        using var folder = new TemporaryFolder();
        var configuration = await File.ReadAllTextAsync(Path.Combine(s_rules, "prometheus.yml"));
        Assert.Contains(Token, configuration, StringComparison.Ordinal);
        folder.Write("alerts.yaml", await File.ReadAllTextAsync(Path.Combine(s_rules, "alerts.yaml")));

        await ChildProcess.RunAndCheckAsync(
            "promtool", "check", "config", folder.Write("prometheus.yml", configuration.Replace(Token, folder.Write("reader", "token"), StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("text/html", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task The_text_is_in_the_format_that_is_asked_for_and_zipped_if_it_may_be(string accept, string contentType)
    {
        await using var l4lb = await L4LbProcess.StartAsync("--listen", $"tcp://127.0.0.1:{Loopback.FreePort()}", "--backend", "127.0.0.11:9");
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None };
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Accept.ParseAdd(accept);
        var plain = await http.GetByteArrayAsync(new Uri(l4lb.Admin, "/metrics"));
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        using var response = await http.GetAsync(new Uri(l4lb.Admin, "/metrics"));

        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 100, plain.Length / 2);
    }

    private static Task HasAsync(Prometheus prometheus, string query, double expected) =>
        Eventually.HoldsAsync($"{query} is {expected}", async () => await prometheus.QueryAsync(query) == expected);
}
