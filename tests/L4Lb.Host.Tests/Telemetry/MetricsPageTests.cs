using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using L4Lb.Dns.Serving;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Announcing;
using L4Lb.Host.Telemetry;
using L4Lb.K8s.Provider;
using L4Lb.Testing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace L4Lb.Host.Tests.Telemetry;

/// <summary>What pages, dashboards and rules say of metrics is so.</summary>
public sealed partial class MetricsPageTests
{
    private const string Page = "docs/operations/metrics.md";
    private const string Alerts = "docs/operations/alerts.md";
    private const string Begin = "<!-- metrics -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public async Task The_page_has_every_instrument()
    {
        var attributes = Attributes(await RichTextAsync());
        var table = new StringBuilder("\n| instrument | in text | type | unit | attributes | meaning |\n|---|---|---|---|---|---|\n");
        foreach (var (instrument, (_, text)) in InstrumentNames.Instruments.Zip(InstrumentNames.All))
        {
            var type = InstrumentNames.TypeOf(instrument);
            var names = attributes[type == "histogram" ? text + "_count" : text].Order(StringComparer.Ordinal).Select(static name => $"`{name}`");
            table.Append($"| `{instrument.Name}` | `{text}` | {type} | {instrument.Unit} | {string.Join(' ', names)} | {instrument.Description} |\n");
        }

        table.Append('\n');
        var page = Read(Page);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("L4LB_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(PathOf(Page), page[..begin] + table + page[end..]);
        }

        Assert.Equal(table.ToString(), Read(Page)[begin..Read(Page).IndexOf(End, StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData(Page)]
    [InlineData(Alerts)]
    [InlineData("deploy/prometheus/alerts.yaml")]
    [InlineData("deploy/prometheus/alerts_test.yaml")]
    [InlineData("deploy/grafana/l4lb.json")]
    public async Task Every_metric_that_is_named_exists(string file)
    {
        var known = Attributes(await RichTextAsync());
        string[] labels = [.. known.SelectMany(static pair => pair.Value), .. known.Keys];

        var named = Named().Matches(Read(file)).Select(static m => m.Value).ToHashSet();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(labels).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_alert_has_its_page_and_its_test()
    {
        var rules = Read("deploy/prometheus/alerts.yaml");
        string[] alerts = [.. Alert().Matches(rules).Select(static m => m.Groups[1].Value)];

        Assert.Equal(16, alerts.Length);
        foreach (var alert in alerts)
        {
            Assert.Contains($"runbook: {Alerts}#{alert.ToLowerInvariant()}\n", rules, StringComparison.Ordinal);
            Assert.Contains($"\n## {alert}\n", Read(Alerts), StringComparison.Ordinal);
            Assert.True(Regex.Count(Read("deploy/prometheus/alerts_test.yaml"), $"alertname: {alert}\n") >= 2, alert);
        }
    }

    [Fact]
    public void The_dashboard_can_be_provisioned()
    {
        using var json = JsonDocument.Parse(Read("deploy/grafana/l4lb.json"));
        var dashboard = json.RootElement;

        Assert.Equal(JsonValueKind.Null, dashboard.GetProperty("id").ValueKind);
        Assert.Equal("l4lb", dashboard.GetProperty("uid").GetString());
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToArray();
        var ids = panels.Select(static p => p.GetProperty("id").GetInt32()).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        var boxes = panels.Select(static p => p.GetProperty("gridPos")).Select(static g => (
            X: g.GetProperty("x").GetInt32(), Y: g.GetProperty("y").GetInt32(), W: g.GetProperty("w").GetInt32(), H: g.GetProperty("h").GetInt32())).ToArray();
        foreach (var (i, box) in boxes.Index())
        {
            Assert.InRange(box.X + box.W, 1, 24);
            Assert.DoesNotContain(boxes[(i + 1)..], other =>
                box.X < other.X + other.W && other.X < box.X + box.W && box.Y < other.Y + other.H && other.Y < box.Y + box.H);
        }

        foreach (var panel in panels.Where(static p => p.GetProperty("type").GetString() != "row"))
        {
            Assert.NotEqual("", panel.GetProperty("title").GetString());
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
            {
                Assert.NotEqual("", target.GetProperty("expr").GetString());
                Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString());
            }
        }
    }

    /// <summary>Attribute names by metric, out of a text; also those under the names that histograms have buckets by.</summary>
    private static Dictionary<string, HashSet<string>> Attributes(string text)
    {
        var attributes = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Where(static l => l.Length > 0 && l[0] != '#'))
        {
            var match = Sample().Match(line);
            var names = Label().Matches(match.Groups["labels"].Value).Select(static m => m.Groups[1].Value).ToHashSet();
            attributes.TryAdd(match.Groups["name"].Value, names);
            attributes.TryAdd(Regex.Replace(match.Groups["name"].Value, "_count$", ""), names);
        }

        return attributes;
    }

    /// <summary>A text in which every instrument has a sample: of an engine with traffic, and more than a test can bring about.</summary>
    private static async Task<string> RichTextAsync()
    {
        await using var engine = await MeasuredEngine.StartAsync();
        var web = engine.Service("web");
        await engine.ApplyAsync(web);
        await engine.AskAsync(web, sessions: 2);
        var source = engine.Source();
        using var instruments = new InstrumentSet(source, new ConnectTimes());
        using var reader = new ScrapeReader();
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(InstrumentSet.MeterName, RuntimeNames.MeterName)
            .AddView(i => i.Meter.Name == InstrumentSet.MeterName && !ReferenceEquals(i.Meter, instruments.Meter) ? MetricStreamConfiguration.Drop : null)
            .AddReader(reader)
            .Build();
        instruments.Prepare(Enriched(source.Read()));
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        reader.Scrape(text, TextFormat.Prometheus);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static MetricsReading Enriched(MetricsReading reading)
    {
        var status = reading.Services[0];
        var backend = status.Backends[0] with { Health = new BackendHealthStatus { Checks = 2, ChecksFailed = 1, Ejections = 1 } };
        status = status with
        {
            Spec = status.Spec with { Protocol = TransportProtocol.Udp, Limits = new LimitSpec { MaxSessions = 5, QueueLength = 5 } },
            Backends = [backend],
            Sources = new SourceStatus(1, 1, 1, 1),
            Affinity = new AffinityStatus(1, 2),
        };
        return reading with
        {
            Services = [status],
            Series = [new ServiceSeries(status, HasBackends: true)],
            Addresses = [new AddressStatus(IPAddress.Loopback, AddressState.Holding, null, default, "")],
            Pools = [new PoolUsage("public", 1, 2, 1, 2, [])],
            Waiting = [new WaitingService(new("shop", "web"), "public", "PoolExhausted", "")],
            Dns = new DnsCounters(),
            IsLeader = true,
        };
    }

    private static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string PathOf(string file) => Path.Combine(RepositoryFolder.Root, file);

    [GeneratedRegex(@"\b(l4lb|dotnet)_[a-z0-9_]+\b")]
    private static partial Regex Named();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^(?<name>\w+)(\{(?<labels>.*)\})? \S+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Label();
}
