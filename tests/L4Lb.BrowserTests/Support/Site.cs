using System.Net;
using System.Text.Json.Nodes;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.BrowserTests.Support;

/// <summary>
/// A running instance with something to see: <c>web</c> with three servers whose weights are 3, 2 and 1 and which are checked,
/// <c>chat</c> with affinity, <c>dns</c> by UDP, and, where a test wants it, <c>broken</c>, which has nobody to serve.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly HashSet<int> _stopped = [];
    private readonly string[] _options;
    private readonly string _admin = Loopback.FreeEndPoint().ToString();
    private L4LbProcess? _process;

    private Site(string[] options) => _options = options;

    /// <summary>Where the dashboard is, also after a restart.</summary>
    public Uri Address => new($"http://{_admin}/");

    /// <summary>Where <c>web</c> is.</summary>
    public IPEndPoint Web { get; } = Loopback.FreeEndPoint();

    /// <summary>Where <c>chat</c> is.</summary>
    public IPEndPoint Chat { get; } = Loopback.FreeEndPoint();

    /// <summary>Where <c>dns</c> is.</summary>
    public IPEndPoint Dns { get; } = Loopback.FreeEndPoint();

    /// <summary>The servers of <c>web</c>.</summary>
    public List<LoopbackBackend> Servers { get; } = [];

    /// <summary>The Service port <c>web</c>, as pages name it.</summary>
    public string WebKey => $"default/web:p{Web.Port}";

    /// <summary>The page of <c>web</c>.</summary>
    public string WebPage => $"services/default/web/p{Web.Port}";

    /// <summary>The page of a server of <c>web</c>.</summary>
    public string ServerPage(int server) => $"backends/default/web/p{Web.Port}/{Uri.EscapeDataString(Servers[server].EndPoint.ToString())}";

    /// <summary>Starts it.</summary>
    /// <param name="isBroken">Whether one of its services has nobody to serve.</param>
    /// <param name="options">More options of <c>l4lb run</c>.</param>
    public static async Task<Site> StartAsync(bool isBroken = false, params string[] options)
    {
        Chromium.Require();
        var site = new Site(options);
        try
        {
            site.WriteManifest(isBroken);
            await site.StartProcessAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one that serves what a manifest has, and nothing of what others have.</summary>
    public static async Task<Site> StartAsync(string manifest, params string[] options)
    {
        Chromium.Require();
        var site = new Site(options);
        try
        {
            site._folder.Write("site.yaml", manifest);
            await site.StartProcessAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>A file of its own, such as a token's.</summary>
    public static (TemporaryFolder Folder, string Path) Token(string text)
    {
        var folder = new TemporaryFolder();
        return (folder, folder.Write("token", text));
    }

    /// <summary>Ends with the site.</summary>
    public T Own<T>(T item)
        where T : IAsyncDisposable
    {
        _owned.Add(item);
        return item;
    }

    /// <summary>Stops a server of <c>web</c>.</summary>
    public async Task StopServerAsync(int server)
    {
        _stopped.Add(server);
        await Servers[server].DisposeAsync();
    }

    /// <summary>Starts it again, where it was.</summary>
    public void StartServer(int server)
    {
        Servers[server] = WebBackend.Start(Servers[server].EndPoint);
        _stopped.Remove(server);
    }

    /// <summary>Ends the instance in order.</summary>
    public async Task StopAsync()
    {
        await _process!.StopAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it where it was.</summary>
    public async Task StartProcessAsync() => _process = await L4LbProcess.StartAsync(
        [], ["-f", _folder.File("site.yaml"), "--serve", "ExternalIPs", "--shards", "1", "--drain-timeout", "1s", .. _options],
        TimeSpan.FromMinutes(1), _admin);

    /// <summary>Makes the manifest another one; the instance is told by a reload.</summary>
    public void Write(string manifest) => _folder.Write("site.yaml", manifest);

    /// <summary>Reads from the API.</summary>
    public Task<JsonNode> ReadAsync(string path) => _process!.AdminJsonAsync(path);

    public async ValueTask DisposeAsync()
    {
        foreach (var item in Enumerable.Reverse(_owned))
        {
            await item.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        foreach (var server in Servers.Where((_, number) => !_stopped.Contains(number)))
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private void WriteManifest(bool isBroken)
    {
        var port = Loopback.FreePort();
        foreach (var host in new[] { "127.77.0.1", "127.77.0.2", "127.77.0.3" })
        {
            Servers.Add(WebBackend.Start(new IPEndPoint(IPAddress.Parse(host), port)));
        }

        var echo = Own(LoopbackBackend.Echo());
        var answers = Own(DatagramBackend.Echo());
        IPEndPoint[] servers = [.. Servers.Select(static s => s.EndPoint)];
        List<string> documents =
        [
            Manifest.Service("web", Web, ("scheduler", "wrr"), ("weights", "127.77.0.1=3,127.77.0.2=2,127.77.0.3=1"),
                ("health-check", "tcp,interval=200ms,timeout=100ms,rise=1,fall=2")),
            Manifest.Slice("web", Web.Port, servers),
            Manifest.Service("chat", [Chat], [("scheduler", "lc")], "sessionAffinity: ClientIP"),
            Manifest.Slice("chat", Chat.Port, echo.EndPoint),
            Manifest.UdpService("dns", Dns),
            Manifest.UdpSlice("dns", Dns.Port, answers.EndPoint),
        ];
        if (isBroken)
        {
            documents.Add(Manifest.Service("broken", Loopback.FreeEndPoint()));
        }

        _folder.Write("site.yaml", Manifest.Of(documents));
    }
}
