using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;
using L4Lb.Host.Journal;
using L4Lb.Host.Logging;
using L4Lb.Host.Running;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;
using L4Lb.Testing.Cluster;
using L4Lb.Testing.Cluster.Access;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Running;

/// <summary><c>l4lb run --kubernetes</c> against an API server in this process, on loopback, with the rights of <c>deploy/base</c>.</summary>
public sealed class ClusterInstanceTests : IAsyncLifetime
{
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _admin = Loopback.FreeEndPoint();
    private readonly IPEndPoint _address = Loopback.FreeEndPoint(IPAddress.Parse("127.0.0.10"));
    private TestCluster _cluster = null!;
    private LoopbackBackend _a = null!;
    private LoopbackBackend _b = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _cluster.Rights = DeployedRights.All;
        (_a, _b) = (LoopbackBackend.Named((byte)'a'), LoopbackBackend.Named((byte)'b'));
        _cluster.Put(Service("web", _address)).Put(Slice("web", _a.EndPoint));
    }

    [Fact]
    public async Task It_serves_what_the_cluster_says_while_it_says_it()
    {
        var running = RunAsync();
        await AnswersAsync('a'); // A moment before it says so itself.
        await Eventually.HoldsAsync("the instance is ready", async () => await ReadyAsync() == HttpStatusCode.OK);

        _cluster.Put(Slice("web", _b.EndPoint));
        await AnswersAsync('b');
        _cluster.Delete(Kind.EndpointSlice, "web-1");
        await RefusesAsync();
        _cluster.Put(Slice("web", _a.EndPoint));
        await AnswersAsync('a');
        _cluster.Delete(Kind.Service, "web");
        await RefusesAsync();

        await _stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task It_starts_without_the_server_and_is_ready_once_that_answers()
    {
        await _cluster.GoDownAsync();
        var running = RunAsync();
        await Eventually.HoldsAsync(() => IsUp(), () => "the admin API does not answer");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync());

        await _cluster.GoUpAsync();
        await AnswersAsync('a'); // A moment before it says so itself.
        await Eventually.HoldsAsync("the instance is ready", async () => await ReadyAsync() == HttpStatusCode.OK);

        await _stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task Ports_that_the_system_chose_are_told_at_once()
    {
        await _cluster.GoDownAsync();
        var log = new ListLogger();
        using var logs = LoggerFactory.Create(l => l.AddProvider(log));
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        var settings = Settings(null);
        settings = settings with { Admin = new AdminSettings(AdminAddress.At(any)), Cluster = settings.Cluster! with { HealthzAddress = any } };
        var running = new Instance(settings, logs, new EventJournal(TimeProvider.System), _error).RunAsync(_stop.Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(await AddressAsync("admin API on "), "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(await AddressAsync("/healthz and /livez on "), "/healthz"));
        await _stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await running);

        async Task<Uri> AddressAsync(string words)
        {
            string? line = null;
            await Eventually.HoldsAsync(
                $"\"{words}\" is logged",
                () => (line = log.Entries.Select(static e => e.Text).FirstOrDefault(t => t.StartsWith(words, StringComparison.Ordinal))) is not null);
            return new Uri(line![words.Length..]);
        }
    }

    [Fact]
    public async Task It_can_be_stopped_while_it_waits_for_the_server()
    {
        await _cluster.GoDownAsync();
        var running = RunAsync();
        await Eventually.HoldsAsync(() => IsUp(), () => "the admin API does not answer");

        await _stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task It_serves_on_without_the_server()
    {
        var running = RunAsync();
        await AnswersAsync('a');
        await _cluster.GoDownAsync();
        await AnswersAsync('a');
        _cluster.Put(Slice("web", _b.EndPoint));
        await _cluster.GoUpAsync();
        await AnswersAsync('b');

        await _stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task One_bad_Service_does_not_make_the_configuration_stale()
    {
        var other = Service("bad", Loopback.FreeEndPoint(_address.Address));
        other["metadata"]!["annotations"] = new JsonObject { ["l4lb.io/idle-timeout"] = "soon" };
        _cluster.Put(other);
        var running = RunAsync();
        await AnswersAsync('a');

        var state = JsonNode.Parse(await _http.GetStringAsync(new Uri($"http://{_admin}/readyz"), _stop.Token))!;
        Assert.Equal("ready", (string?)state["status"]);
        Assert.False((bool?)state["configStale"]);

        await _stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task Without_a_way_to_a_cluster_it_cannot_start_and_says_why()
    {
        var missing = _folder.File("missing");

        Assert.Equal(ExitCode.CannotStart, await RunAsync(missing));
        Assert.StartsWith("l4lb: --kubernetes: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(missing, _error.ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
        _folder.Dispose();
        await _error.DisposeAsync();
        Assert.Empty(_cluster.Refusals);
    }

    private Task<int> RunAsync(string? kubeconfig = null) =>
        RunCommand.RunAsync(Settings(kubeconfig), new CommandContext(TextWriter.Null, _error, _ => null), _stop.Token);

    private RunSettings Settings(string? kubeconfig)
    {
        if (kubeconfig is null)
        {
            kubeconfig = _folder.File("kubeconfig");
            File.WriteAllText(
                kubeconfig,
                $$$"""
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "{{{_cluster.Address}}}"}}]
                users: [{name: u, user: {}}]
                contexts: [{name: x, context: {cluster: c, user: u, namespace: {{{DeployedRights.Namespace}}}}}]
                current-context: x
                """);
        }

        return new RunSettings
        {
            Cluster = new(kubeconfig, null, new()),
            Admin = new AdminSettings(AdminAddress.At(_admin)),
            Shards = 1,
            DrainTimeout = TimeSpan.FromSeconds(5),
            Log = new LogSettings(LogLevel.None),
        };
    }

    private static JsonObject Service(string name, IPEndPoint address) => JsonNode.Parse(
        $$$"""
        {
          "apiVersion": "v1", "kind": "Service", "metadata": {"name": "{{{name}}}"},
          "spec": {
            "type": "LoadBalancer", "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "ipFamilies": ["IPv4"],
            "externalTrafficPolicy": "Cluster", "internalTrafficPolicy": "Cluster", "sessionAffinity": "None",
            "ports": [{"port": {{{address.Port}}}, "protocol": "TCP", "targetPort": 8080, "nodePort": 30080}]
          },
          "status": {"loadBalancer": {"ingress": [{"ip": "{{{address.Address}}}", "ipMode": "Proxy"}]}}
        }
        """)!.AsObject();

    private static JsonObject Slice(string service, IPEndPoint endpoint) => JsonNode.Parse(
        $$$"""
        {
          "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
          "metadata": {"name": "{{{service}}}-1", "labels": {"kubernetes.io/service-name": "{{{service}}}"}},
          "addressType": "IPv4", "ports": [{"name": "", "port": {{{endpoint.Port}}}, "protocol": "TCP"}],
          "endpoints": [{"addresses": ["{{{endpoint.Address}}}"], "conditions": {"ready": true}}]
        }
        """)!.AsObject();

    private async Task AnswersAsync(char name)
    {
        char? answer = null;
        await Eventually.HoldsAsync(() => (answer = Ask()) == name, () => $"the answer is {answer?.ToString() ?? "none"}, not {name}");
    }

    private Task RefusesAsync() => Eventually.HoldsAsync(() => Ask() is null, () => "the address still answers");

    /// <summary>Who answers; null when nobody does.</summary>
    private char? Ask()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5000 };
        try
        {
            socket.Connect(_address);
            var name = new byte[1];
            return socket.Receive(name) == 1 ? (char)name[0] : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private bool IsUp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(_admin);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Task<HttpStatusCode> ReadyAsync() => StatusAsync(new Uri($"http://{_admin}"), "/readyz");

    private async Task<HttpStatusCode> StatusAsync(Uri server, string path)
    {
        using var answer = await _http.GetAsync(new Uri(server, path), _stop.Token);
        return answer.StatusCode;
    }
}
