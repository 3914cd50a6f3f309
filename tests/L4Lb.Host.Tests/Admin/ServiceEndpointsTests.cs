using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Journal;
using L4Lb.Host.Running;
using L4Lb.Host.Tests.Support;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Admin;

public sealed class ServiceEndpointsTests : IAsyncLifetime
{
    private const string Backends = "/api/v1/services/shop/web/backends/";

    private readonly ListLogger _logger = new();
    private readonly LoadBalancer _engine = new(new LoadBalancerOptions { Shards = 1 });
    private readonly EventJournal _journal = new(TimeProvider.System);
    private AdminServer? _server;
    private HttpClient? _http;

    public async ValueTask InitializeAsync()
    {
        _engine.Start();
        var applied = await _engine.ApplyAsync(new DesiredState
        {
            Services =
            [
                Service("http", "10.0.0.1:80", "10.0.0.2:80", "[2001:db8::1]:80"),
                Service("https", "10.0.0.1:80", "10.0.0.3:443") with { Limits = new LimitSpec { PerSource = new() } },
            ],
        });
        Assert.True(applied.Accepted);
        using var logs = new OneLogger(_logger);
        var anywhere = new AdminSettings(AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0)));
        _server = await AdminServer.StartAsync(
            anywhere, new AdminSources(new InstanceStatus(), _engine, new NoAddressHolder(), _journal), logs);
        _http = new HttpClient { BaseAddress = new Uri(_server.Address) };
    }

    public async ValueTask DisposeAsync()
    {
        _http!.Dispose();
        await _server!.DisposeAsync();
        await _engine.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task Services_are_listed()
    {
        var (status, body) = await SendAsync("GET", "/api/v1/services");

        Assert.Equal(200, status);
        Assert.StartsWith(
            """{"items":[{"namespace":"shop","name":"web","port":"http","protocol":"tcp","scheduler":"rr","listens":[],"backends":3,"backendsUsable":3,"active":0,"total":0,"waiting":0,"closed":{},"connectAttempts":0,"connectFailures":0,"retries":0,"traffic":{"bytesFromClients":0,"bytesFromBackends":0,"datagramsFromClients":0,"datagramsFromBackends":0},"connectTime":{"count":0,"sumMicros":0,"p50Micros":null,"p99Micros":null,"buckets":[]},"affinity":null,"sources":null},{"namespace":"shop","name":"web","port":"https",""",
            body);
        Assert.EndsWith(""","sources":{"count":0,"denied":0,"active":0,"refused":0}}]}""", body);
    }

    [Fact]
    public async Task Backends_are_listed()
    {
        var (status, body) = await SendAsync("GET", "/api/v1/backends");

        Assert.Equal(200, status);
        Assert.StartsWith(
            """{"items":[{"namespace":"shop","service":"web","port":"http","address":"10.0.0.1:80","weight":1,"weightOverride":null,"drained":false,"effectiveWeight":1,"notEligible":null,"health":"unchecked","healthReason":null,"healthSince":null,"checks":0,"checksFailed":0,"active":0,"total":0,"connectFailures":0,"traffic":{"bytesFromClients":0,"bytesFromBackends":0,"datagramsFromClients":0,"datagramsFromBackends":0}},""",
            body);
        Assert.Equal(5, JsonNode.Parse(body)!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_backend_that_the_configuration_leaves_out_says_why()
    {
        var service = Service("http", "10.0.0.1:80", "10.0.0.2:80");
        await _engine.ApplyAsync(new DesiredState
        {
            Revision = 2,
            Services = [service with { Backends = [service.Backends[0], service.Backends[1] with { Scopes = BackendScope.None, Reason = "not ready" }] }],
        });

        var items = JsonNode.Parse((await SendAsync("GET", "/api/v1/backends")).Body)!["items"]!.AsArray();

        Assert.Equal([null, "not ready"], items.Select(static b => (string?)b!["notEligible"]));
        Assert.Equal([1, 0], items.Select(static b => (double)b!["effectiveWeight"]!));
    }

    [Fact]
    public async Task A_backend_is_drained_on_every_port_and_enabled_again()
    {
        Assert.Equal(["http 0 drained", "https 0 drained"], await ChangedAsync("POST", "10.0.0.1:80/drain"));
        Assert.Equal([true, false, false], _engine.GetServices().Single(s => s.Spec.Key.Port == "http").Backends.Select(b => b.IsDrained));

        Assert.Equal(["http 1", "https 1"], await ChangedAsync("POST", "10.0.0.1:80/enable"));
        Assert.Equal(["https 0 drained"], await ChangedAsync("POST", "10.0.0.3:443/drain"));
        Assert.Equal(["http 0 drained"], await ChangedAsync("POST", "[2001:db8::1]:80/drain"));
        Assert.Equal(
            [
                "operator at 127.0.0.1: drain: backend 10.0.0.1:80 of shop/web:http, shop/web:https",
                "operator at 127.0.0.1: enable: backend 10.0.0.1:80 of shop/web:http, shop/web:https",
                "operator at 127.0.0.1: drain: backend 10.0.0.3:443 of shop/web:https",
                "operator at 127.0.0.1: drain: backend [2001:db8::1]:80 of shop/web:http",
            ],
            _logger.TextsOf(700));
    }

    [Fact]
    public async Task A_weight_is_set_and_lifted()
    {
        Assert.Equal(["http 7", "https 7"], await ChangedAsync("PUT", "10.0.0.1:80/weight", """{"weight": 7}"""));
        Assert.Equal(["http 0", "https 0"], await ChangedAsync("PUT", "10.0.0.1:80/weight", """{"weight": 0}"""));
        Assert.Equal(["http 1", "https 1"], await ChangedAsync("PUT", "10.0.0.1:80/weight", """{"weight": null}"""));
        Assert.Equal(["http 65535", "https 65535"], await ChangedAsync("PUT", "10.0.0.1:80/weight", """{"weight": 65535}"""));
        Assert.Equal(["http 1", "https 1"], await ChangedAsync("PUT", "10.0.0.1:80/weight", "null"));
        Assert.Equal(5, _logger.TextsOf(700).Count);
    }

    [Theory]
    [InlineData("POST", "/api/v1/services/shop/nope/backends/10.0.0.1:80/drain", 404, "there is no service shop/nope; there is shop/web")]
    [InlineData("POST", Backends + "10.0.0.9:80/enable", 404, "service shop/web has no backend 10.0.0.9:80; it has 10.0.0.1:80, 10.0.0.2:80, 10.0.0.3:443, [2001:db8::1]:80")]
    [InlineData("POST", Backends + "10.0.0.1/drain", 400, "the backend 10.0.0.1 must be ADDRESS:PORT with an IP address")]
    [InlineData("PUT", Backends + "10.0.0.1:80/weight", 400, "the body must be {\"weight\": N}")]
    [InlineData("PUT", Backends + "10.0.0.1:80/weight", 400, "the body must be", "{}")]
    [InlineData("PUT", Backends + "10.0.0.1:80/weight", 400, "the body must be", "{\"weight\":\"7\"}")]
    [InlineData("PUT", Backends + "10.0.0.1:80/weight", 400, "the body must be", "{\"weight\":99999999999}")]
    [InlineData("PUT", Backends + "10.0.0.1:80/weight", 400, "the weight 65536 is not in 0…65535", "{\"weight\":65536}")]
    [InlineData("PUT", Backends + "10.0.0.1:80/weight", 400, "the weight -1 is not in 0…65535", "{\"weight\":-1}")]
    [InlineData("GET", Backends + "10.0.0.1:80/drain", 405, "GET is nothing that " + Backends + "10.0.0.1:80/drain knows; POST is")]
    public async Task What_cannot_be_done_is_a_problem_in_json(string method, string path, int status, string detail, string? body = null)
    {
        var answer = await SendAsync(method, path, body);

        Assert.Equal(status, answer.Status);
        var problem = JsonNode.Parse(answer.Body)!;
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        Assert.StartsWith(detail, problem["detail"]?.GetValue<string>() ?? "");
        Assert.Empty(_logger.TextsOf(700));
        Assert.All(_engine.GetServices().SelectMany(s => s.Backends), b => Assert.Equal((false, null), (b.IsDrained, b.WeightOverride)));
    }

    [Theory]
    [InlineData(null, null, 200)]
    [InlineData("self", null, 200)]
    [InlineData("http://evil.example", null, 403)]
    [InlineData("null", null, 403)]
    [InlineData("http://evil.example", "evil.example", 403)]
    public async Task Pages_of_other_origins_may_not_act(string? origin, string? host, int status)
    {
        var answer = await SendAsync("POST", Backends + "10.0.0.1:80/drain", origin: origin == "self" ? _server!.Address : origin, host: host);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200, _engine.GetServices()[0].Backends[0].IsDrained);
    }

    private async Task<string[]> ChangedAsync(string method, string path, string? body = null)
    {
        var answer = await SendAsync(method, Backends + path, body);
        Assert.True(answer.Status == 200, answer.Body);
        return [.. JsonNode.Parse(answer.Body)!["items"]!.AsArray()
            .Select(b => $"{b!["port"]} {b["effectiveWeight"]}{(b["drained"]!.GetValue<bool>() ? " drained" : "")}").Order()];
    }

    private async Task<(int Status, string Body)> SendAsync(
        string method, string path, string? body = null, string? origin = null, string? host = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        request.Headers.Host = host;
        using var response = await _http!.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static ServiceSpec Service(string port, params string[] backends) => new()
    {
        Key = new ServiceKey("shop", "web", port),
        Backends = [.. backends.Select(address => new BackendSpec { Address = IPEndPoint.Parse(address) })],
    };

    private sealed class OneLogger(ILogger logger) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
