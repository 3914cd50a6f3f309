using System.Net;
using L4Lb.Host.ProxyHealth;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.ProxyHealth;

public sealed class ProxyHealthServerTests : IAsyncLifetime
{
    private const string Ok =
        "HTTP/1.1 200 OK\nContent-Length: {0}\nContent-Type: application/json\nX-Content-Type-Options: nosniff";

    private const string Unavailable =
        "HTTP/1.1 503 Service Unavailable\nContent-Length: {0}\nContent-Type: application/json\nX-Content-Type-Options: nosniff";

    private readonly ManualTime _time = new();
    private readonly FixedHealth _health = new();
    private PortServer _ports = null!;
    private OpenPort _open = null!;

    public async ValueTask InitializeAsync()
    {
        _ports = await PortServer.StartAsync(TestContext.Current.CancellationToken);
        _open = ProxyHealthServer.Open(_ports, new(IPAddress.Loopback, 0), _health, _time);
        _time.Advance(TimeSpan.FromMilliseconds(1250));
    }

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        await _ports.DisposeAsync();
    }

    [Fact]
    public async Task A_proxy_that_is_well_was_updated_just_now()
    {
        _health.LastSync = DateTimeOffset.UnixEpoch.AddYears(-1);
        await AnswersAsync(
            "/healthz",
            Ok,
            """{"lastUpdated": "1970-01-01 00:00:01.25 +0000 UTC","currentTime": "1970-01-01 00:00:01.25 +0000 UTC", "nodeEligible": true}""");
        await AnswersAsync(
            "/livez", Ok, """{"lastUpdated": "1970-01-01 00:00:01.25 +0000 UTC","currentTime": "1970-01-01 00:00:01.25 +0000 UTC"}""");
    }

    [Fact]
    public async Task A_proxy_that_lags_says_since_when()
    {
        _health.IsSyncOverdue = true;
        _health.LastSync = DateTimeOffset.UnixEpoch;
        await AnswersAsync(
            "/healthz?verbose",
            Unavailable,
            """{"lastUpdated": "1970-01-01 00:00:00 +0000 UTC","currentTime": "1970-01-01 00:00:01.25 +0000 UTC", "nodeEligible": true}""");
        _health.LastSync = null;
        await AnswersAsync(
            "/livez",
            Unavailable,
            """{"lastUpdated": "0001-01-01 00:00:00 +0000 UTC","currentTime": "1970-01-01 00:00:01.25 +0000 UTC"}""");
    }

    [Fact]
    public async Task A_node_that_is_to_go_gets_no_traffic_but_lives()
    {
        _health.IsNodeEligible = false;
        _health.LastSync = DateTimeOffset.UnixEpoch;
        await AnswersAsync(
            "/healthz",
            Unavailable,
            """{"lastUpdated": "1970-01-01 00:00:00 +0000 UTC","currentTime": "1970-01-01 00:00:01.25 +0000 UTC", "nodeEligible": false}""");
        await AnswersAsync(
            "/livez", Ok, """{"lastUpdated": "1970-01-01 00:00:01.25 +0000 UTC","currentTime": "1970-01-01 00:00:01.25 +0000 UTC"}""");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics")]
    [InlineData("/healthz/")]
    public async Task There_is_nothing_else(string path)
    {
        var (head, body) = await AskAsync(path);
        Assert.Equal(
            "HTTP/1.1 404 Not Found\nContent-Length: 19\nContent-Type: text/plain; charset=utf-8\nX-Content-Type-Options: nosniff", head);
        Assert.Equal("404 page not found\n", body);
    }

    private Task<(string Head, string Body)> AskAsync(string path) =>
        RawHttp.AskAsync(_open.EndPoint, $"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");

    private async Task AnswersAsync(string path, string head, string body)
    {
        var answer = await AskAsync(path);
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, head, body.Length), answer.Head);
        Assert.Equal(body, answer.Body);
    }
}
