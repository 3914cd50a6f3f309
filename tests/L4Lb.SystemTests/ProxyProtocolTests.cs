using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>
/// PROXY protocol with the programs that people use it with: HAProxy in front of us, nginx and HAProxy behind us. All
/// of them see the client, although each connection is another's.
/// </summary>
public sealed class ProxyProtocolTests : IAsyncLifetime
{
    private static readonly IPAddress s_client = IPAddress.Parse("127.0.0.77");

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _running = [];
    private readonly IPEndPoint _front = new(IPAddress.Parse("127.0.0.21"), Loopback.FreePort());
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint _backend = new(IPAddress.Parse("127.0.0.11"), Loopback.FreePort());

    public ValueTask InitializeAsync()
    {
        Requirements.Nginx();
        Requirements.HaProxy();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_running))
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("send-proxy", "v1")]
    [InlineData("send-proxy", "v2")]
    [InlineData("send-proxy-v2", "v1")]
    [InlineData("send-proxy-v2", "v2")]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c", "v2")]
    public async Task HAProxy_in_front_and_nginx_behind_see_the_true_client(string haproxySends, string send)
    {
        _running.Add(await Nginx.StartBehindProxyAsync(_backend));
        await StartAsync(("proxy-protocol", send), ("accept-proxy-protocol", "true"), ("proxy-protocol-trusted", "127.0.0.0/8"));
        _running.Add(await HaProxy.StartAsync(_front, _service, serverOptions: haproxySends));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"{s_client} {_front}", await Http.GetAsync(_front, from: s_client));
        }

        var lines = await LoggedAsync(20);
        Assert.All(lines, line => Assert.StartsWith($"{s_client}:", (string?)line["client"], StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal("completed", (string?)line["reason"]));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task HAProxy_behind_takes_our_header_and_passes_it_on(string send)
    {
        var nginx = new IPEndPoint(IPAddress.Parse("127.0.0.12"), Loopback.FreePort());
        _running.Add(await Nginx.StartBehindProxyAsync(nginx));
        _running.Add(await HaProxy.StartAsync(_backend, nginx, bindOptions: "accept-proxy", serverOptions: "send-proxy-v2"));
        await StartAsync(("proxy-protocol", send));

        Assert.Equal($"{s_client} {_service}", await Http.GetAsync(_service, from: s_client));
    }

    [Fact]
    public async Task A_peer_that_is_not_trusted_is_served_as_itself_and_its_header_is_not_believed()
    {
        _running.Add(await Nginx.StartBehindProxyAsync(_backend));
        await StartAsync(
            ("proxy-protocol", "v1"), ("accept-proxy-protocol", "true"), ("proxy-protocol-trusted", "127.0.0.88/32"));

        Assert.Equal($"{s_client} {_service}", await Http.GetAsync(_service, from: s_client));

        // From HAProxy, which is not trusted either, the header is the beginning of a request that nginx refuses.
        _running.Add(await HaProxy.StartAsync(_front, _service, serverOptions: "send-proxy source 127.0.0.99"));
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://{_front}/"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_client_without_a_header_is_reset_and_the_log_says_why()
    {
        _running.Add(await Nginx.StartAsync(_backend));
        await StartAsync(("accept-proxy-protocol", "true"), ("proxy-protocol-timeout", "300ms"));

        await Assert.ThrowsAsync<SocketException>(() => Http.GetAsync(_service));
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(_service);
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        await Assert.ThrowsAsync<SocketException>(async () => await silent.ReceiveAsync(new byte[1], deadline.Token));

        var lines = await LoggedAsync(2);
        Assert.Equal(
            [("proxy_header_invalid", "PR"), ("proxy_header_timeout", "cR")],
            lines.Select(line => ((string?)line["reason"], (string?)line["termination"])).Order());
        Assert.True((double)lines.Single(line => (string?)line["reason"] == "proxy_header_timeout")["total_ms"]! >= 250);
    }

    private async Task StartAsync(params (string Name, string Value)[] annotations)
    {
        var manifest = _folder.Write(
            "web.yaml", Manifest.Of(Manifest.Service("web", _service, annotations), Manifest.Slice("web", _service.Port, _backend)));
        _running.Add(await L4LbProcess.StartAsync("-f", manifest, "--serve", "ExternalIPs", "--access-log", _folder.File("access.log")));
    }

    /// <summary>The lines of the access log, once there are so many.</summary>
    private async Task<JsonNode[]> LoggedAsync(int count)
    {
        var path = _folder.File("access.log");
        await Eventually.EqualsAsync(count, () => File.ReadAllLines(path).Length);
        return [.. File.ReadLines(path).Select(line => JsonNode.Parse(line)!)];
    }
}
