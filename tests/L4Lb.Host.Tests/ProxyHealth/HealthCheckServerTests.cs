using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using L4Lb.Host.ProxyHealth;
using L4Lb.K8s.Cluster;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.ProxyHealth;

public sealed class HealthCheckServerTests : IAsyncLifetime
{
    private const string Get = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

    private readonly ManualTime _time = new();
    private readonly FixedHealth _health = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private PortServer _ports = null!;
    private HealthCheckServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _ports = await PortServer.StartAsync(TestContext.Current.CancellationToken);
        _server = new(_ports, [IPAddress.Loopback], _health, _time, f => _failures.Enqueue(f.Text("n1")));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _ports.DisposeAsync();
    }

    [Fact]
    public async Task A_node_with_endpoints_says_so_in_exactly_these_words()
    {
        var port = Loopback.FreeEndPoint();
        await ApplyAsync(Service("wp-nginx-service", port, 1));
        var (head, body) = await RawHttp.AskAsync(port, Get);
        Assert.Equal(
            "HTTP/1.1 200 OK\nContent-Length: 127\nContent-Type: application/json\nX-Content-Type-Options: nosniff\nX-Load-Balancing-Endpoint-Weight: 1",
            head);
        Assert.Equal(
            "{\n\t\"service\": {\n\t\t\"namespace\": \"default\",\n\t\t\"name\": \"wp-nginx-service\"\n\t},\n\t\"localEndpoints\": 1,\n\t\"serviceProxyHealthy\": true\n}",
            body);
    }

    [Theory]
    [InlineData(0, false, "503 Service Unavailable", "\"localEndpoints\": 0,\n\t\"serviceProxyHealthy\": true\n}")]
    [InlineData(3, true, "503 Service Unavailable", "\"localEndpoints\": 3,\n\t\"serviceProxyHealthy\": false\n}")]
    [InlineData(0, true, "503 Service Unavailable", "\"localEndpoints\": 0,\n\t\"serviceProxyHealthy\": false\n}")]
    [InlineData(12, false, "200 OK", "\"localEndpoints\": 12,\n\t\"serviceProxyHealthy\": true\n}")]
    public async Task A_node_is_refused_traffic_without_endpoints_or_with_a_proxy_that_lags(
        int endpoints, bool isOverdue, string status, string end)
    {
        var port = Loopback.FreeEndPoint();
        _health.IsSyncOverdue = isOverdue;
        _health.IsNodeEligible = false; // That is the matter of /healthz.
        await ApplyAsync(Service("a", port, endpoints));
        var (head, body) = await RawHttp.AskAsync(port, Get);
        Assert.StartsWith($"HTTP/1.1 {status}\n", head, StringComparison.Ordinal);
        Assert.EndsWith($"X-Load-Balancing-Endpoint-Weight: {endpoints}", head, StringComparison.Ordinal);
        Assert.EndsWith(end, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true)]
    [InlineData("GET /any/path?and=query HTTP/1.1\r\nHost: a\r\n\r\n", true)]
    [InlineData("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n", false)]
    [InlineData("OPTIONS / HTTP/1.0\r\n\r\n", true)]
    [InlineData("GET /healthz HTTP/1.0\r\n\r\n", true)]
    [InlineData("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", true)]
    public async Task Any_path_and_method_is_answered(string request, bool hasBody)
    {
        var port = Loopback.FreeEndPoint();
        await ApplyAsync(Service("a", port, 1));
        var (head, body) = await RawHttp.AskAsync(port, request);
        Assert.StartsWith("HTTP/1.1 200 OK\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 112\n", head, StringComparison.Ordinal);
        Assert.Equal(hasBody ? 112 : 0, body.Length);
    }

    [Fact]
    public async Task What_stays_is_not_touched_and_what_goes_is_closed_with_its_connections()
    {
        var (stays, goes, comes) = (Loopback.FreeEndPoint(), Loopback.FreeEndPoint(), Loopback.FreeEndPoint());
        await ApplyAsync(Service("stays", stays, 1), Service("moves", goes, 1));
        using var kept = await RawHttp.ConnectAsync(stays);
        using var cut = await RawHttp.ConnectAsync(goes);
        await kept.AskAsync(Get);
        await cut.AskAsync(Get);

        await ApplyAsync(Service("stays", stays, 2), Service("moves", comes, 1));
        Assert.Contains("\"localEndpoints\": 2", (await kept.AskAsync(Get)).Body, StringComparison.Ordinal);
        Assert.True(await cut.IsEndedAsync());
        await RefusesAsync(goes);
        Assert.Contains("\"moves\"", (await RawHttp.AskAsync(comes, Get)).Body, StringComparison.Ordinal);

        await ApplyAsync();
        Assert.True(await kept.IsEndedAsync());
        await RefusesAsync(stays);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task Numbers_count_at_once()
    {
        var port = Loopback.FreeEndPoint();
        await ApplyAsync(Service("a", port, 0));
        using var http = await RawHttp.ConnectAsync(port);
        for (var endpoints = 1; endpoints < 100; endpoints++)
        {
            _server.Apply([Service("a", port, endpoints)]);
            Assert.EndsWith($"Weight: {endpoints}", (await http.AskAsync(Get)).Head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_port_may_go_from_one_Service_to_another()
    {
        var port = Loopback.FreeEndPoint();
        await ApplyAsync(Service("before", port, 1));
        await ApplyAsync(Service("after", port, 1));
        Assert.Contains("\"after\"", (await RawHttp.AskAsync(port, Get)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_once_and_tried_again_until_it_is_free()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        other.Start();
        var taken = (IPEndPoint)other.LocalEndpoint;
        var free = Loopback.FreeEndPoint();
        var services = new[] { Service("taken", taken, 1), Service("free", free, 1) };
        _server.Apply(services);
        await Eventually.EqualsAsync(1, () => _failures.Count, "failures");
        Assert.Equal($"node n1 failed to start healthcheck \"default/taken\" on port {taken.Port}: Address already in use", _failures.Single());
        await AnswersAsync(free);
        for (var i = 0; i < 3; i++)
        {
            await Eventually.EqualsAsync(1, () => _time.TimersWaiting, "timers");
            _time.Advance(TimeSpan.FromSeconds(5));
            await ApplyAsync(services, free);
        }

        Assert.Single(_failures);
        other.Stop();

        // Again and again: a try that is on its way may find the port free, or taken, and then the next one is due later.
        await Eventually.HoldsAsync("it is tried until it is free", async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return await ConnectsAsync(taken);
        });
        await Eventually.EqualsAsync(0, () => _time.TimersWaiting, "timers");
        Assert.Single(_failures);
    }

    [Fact]
    public async Task A_failure_that_comes_back_is_told_again()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        other.Start();
        var taken = (IPEndPoint)other.LocalEndpoint;
        _server.Apply([Service("a", taken, 1)]);
        await Eventually.EqualsAsync(1, () => _failures.Count, "failures");
        await Eventually.EqualsAsync(1, () => _time.TimersWaiting, "timers"); // Told first, and waited for then.
        _server.Apply([]);
        await Eventually.EqualsAsync(0, () => _time.TimersWaiting, "timers");
        _server.Apply([Service("a", taken, 1)]);
        await Eventually.EqualsAsync(2, () => _failures.Count, "failures");
    }

    [Fact]
    public async Task Of_two_Services_with_one_port_the_first_by_name_has_it()
    {
        var port = Loopback.FreeEndPoint();
        _server.Apply([Service("b", port, 1), Service("a", port, 1)]);
        await Eventually.EqualsAsync(1, () => _failures.Count, "failures");
        Assert.EndsWith($"\"default/b\" on port {port.Port}: the port is that of default/a", _failures.Single(), StringComparison.Ordinal);
        await AnswersAsync(port);
        Assert.Contains("\"a\"", (await RawHttp.AskAsync(port, Get)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_addresses_means_both_families()
    {
        await using var server = new HealthCheckServer(
            _ports, HealthCheckServer.AllAddresses, _health, _time, f => _failures.Enqueue(f.Problem));
        var port = Loopback.FreeEndPoint();
        server.Apply([Service("a", port, 1)]);
        await AnswersAsync(port);
        if (Socket.OSSupportsIPv6)
            await AnswersAsync(new(IPAddress.IPv6Loopback, port.Port));
    }

    [Fact]
    public async Task An_address_that_fails_closes_the_others_too()
    {
        // 192.0.2.1 (TEST-NET-1) is nobody's.
        await using var server = new HealthCheckServer(
            _ports, [IPAddress.Loopback, IPAddress.Parse("192.0.2.1")], _health, _time, f => _failures.Enqueue(f.Problem));
        var port = Loopback.FreeEndPoint();
        server.Apply([Service("a", port, 1)]);
        await Eventually.EqualsAsync(1, () => _failures.Count, "failures");
        await RefusesAsync(port);
    }

    [Fact]
    public async Task A_hundred_ports_come_and_go_quickly()
    {
        var ports = Enumerable.Range(0, 200).Select(static _ => Loopback.FreeEndPoint()).ToArray();
        var threads = Process.GetCurrentProcess().Threads.Count;
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; round < 10; round++)
        {
            _server.Apply([.. ports.Skip(round % 2 * 100).Take(100).Select(static (p, i) => Service($"s{i}", p, i))]);
            await AnswersAsync(ports[(round % 2 * 100) + 99]);
        }

        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"2,000 ports opened or closed in {took.TotalMilliseconds:F0} ms");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(Process.GetCurrentProcess().Threads.Count, 1, threads + 90);
        await Task.WhenAll(ports.Skip(100).Select(AnswersAsync));
        await Task.WhenAll(ports.Take(100).Select(RefusesAsync));
        Assert.Empty(_failures);
    }

    private static HealthCheckNodePort Service(string name, IPEndPoint port, int endpoints) => new("default", name, port.Port, endpoints);

    private static Task AnswersAsync(IPEndPoint port) => CanConnectAsync(port, true);

    private static Task RefusesAsync(IPEndPoint port) => CanConnectAsync(port, false);

    private static Task CanConnectAsync(IPEndPoint port, bool can) =>
        Eventually.HoldsAsync($"{port} {(can ? "accepts" : "refuses")}", async () => await ConnectsAsync(port) == can);

    private static async Task<bool> ConnectsAsync(IPEndPoint port)
    {
        using var client = new TcpClient(port.AddressFamily);
        try
        {
            await client.ConnectAsync(port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Task ApplyAsync(params HealthCheckNodePort[] services) => ApplyAsync(services, [.. services.Select(static s => new IPEndPoint(IPAddress.Loopback, s.Port))]);

    // Ports are opened one after the other: with the last one all are.
    private async Task ApplyAsync(HealthCheckNodePort[] services, params IPEndPoint[] ports)
    {
        _server.Apply(services);
        foreach (var port in ports)
            await AnswersAsync(port);
    }
}
