using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using L4Lb.SystemTests.Support;
using L4Lb.SystemTests.Support.Kubernetes;
using L4Lb.Testing;
using L4Lb.Testing.Cluster;
using L4Lb.Testing.Cluster.Access;

namespace L4Lb.SystemTests;

/// <summary>What <c>l4lb get</c> lists of flows, and of pools and those who wait for an address: that takes more than a manifest.</summary>
public sealed partial class ListedTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _transcript = new();
    private L4LbProcess? _l4lb;

    [Fact]
    public async Task Flows()
    {
        await using var backend = DatagramBackend.Echo();
        var dns = Loopback.FreeEndPoint();
        _l4lb = await L4LbProcess.StartAsync(
            "-f",
            _folder.Write("dns.yaml", Manifest.Of(Manifest.UdpService("dns", dns), Manifest.UdpSlice("dns", dns.Port, backend.EndPoint))),
            "--serve", "ExternalIPs", "--shards", "1");
        using var client = new DatagramSocket(dns);
        await client.AskAsync(1, 2, 3);
        await client.AskAsync(4, 5);

        await RunAsync("get", "flows");
        await RunAsync("get", "flows", "-o", "wide");
        await RunAsync("get", "flows", "-o", "yaml");
        await RunAsync("get", "fl", "--service", "dns", "--client", "127.0.0.0/8");
        await RunAsync("get", "flows", "--client", "192.0.2.0/24");
        await RunAsync("kill", "1");

        Golden.Check(
            Time().Replace(_transcript.ToString(), "TIME"), "flows.golden.txt",
            ($"{backend.EndPoint}", "10.0.0.1:53"), ($"{dns}", "192.0.2.10:53"), ($"{client.EndPoint}", "198.51.100.7:40000"), ($"p{dns.Port}", "dns"));
    }

    [Fact]
    public async Task Pools_and_those_who_wait_which_are_also_measured()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Rights = DeployedRights.All;
        Put(cluster, new { apiVersion = "l4lb.io/v1alpha1", kind = "AddressPool", metadata = new { name = "public" }, spec = new { addresses = (string[])["192.0.2.10-192.0.2.11", "2001:db8::/120"] } });
        Put(cluster, new { apiVersion = "l4lb.io/v1alpha1", kind = "AddressPool", metadata = new { name = "reserve" }, spec = new { addresses = (string[])["198.51.100.0/30"], autoAssign = false } });
        Put(cluster, new { apiVersion = "l4lb.io/v1alpha1", kind = "AddressPool", metadata = new { name = "wrong" }, spec = new { addresses = (string[])["10.0.0.0/99"] } });
        PutService(cluster, "a", "");
        PutService(cluster, "b", "");
        _l4lb = await L4LbProcess.StartAsync("--kubernetes", "--kubeconfig", WriteKubeconfig(cluster), "--shards", "1", "--node-name", "node-1");
        await Eventually.HoldsAsync("two have an address", async () =>
            (await _l4lb.AdminJsonAsync("/api/v1/pools"))["items"]!.AsArray().Any(static p => (string)p!["assignedIPv4"]! == "2"));
        PutService(cluster, "late", "public"); // Only now, since at the start it is chance who comes first.
        PutService(cluster, "lost", "nowhere");
        await Eventually.HoldsAsync("two wait", async () => (await _l4lb.AdminJsonAsync("/api/v1/pools"))["pending"]!.AsArray().Count == 2);

        await RunAsync("get", "pools");
        await RunAsync("get", "pool", "public", "-o", "yaml");
        await RunAsync("get", "pending");
        await RunAsync("get", "pending", "late", "-o", "json");
        await RunAsync("get", "pool", "publik");

        Golden.Check(_transcript.ToString(), "pools.golden.txt");
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(_l4lb.Admin, "/metrics"));
        Assert.Contains("\nl4lb_pool_pending{l4lb_pool=\"public\",reason=\"PoolExhausted\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nl4lb_pool_pending{l4lb_pool=\"\",reason=\"NoPool\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nl4lb_pool_pending{l4lb_pool=\"\",reason=\"PoolExhausted\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("nowhere", metrics, StringComparison.Ordinal);
        Assert.Empty(cluster.Refusals);
    }

    private static void PutService(TestCluster cluster, string name, string pool) => cluster.Put(new ServiceObject(name)
    {
        ClusterIPs = ["10.96.0.1"],
        Annotations = pool.Length == 0 ? [] : new Dictionary<string, string> { ["l4lb.io/address-pool"] = pool },
    }.ToJson());

    public async ValueTask DisposeAsync()
    {
        if (_l4lb is not null)
        {
            await _l4lb.DisposeAsync();
        }

        _folder.Dispose();
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Time();

    private static void Put(TestCluster cluster, object document) => cluster.Put(JsonSerializer.SerializeToNode(document)!.AsObject());

    private async Task RunAsync(params string[] command)
    {
        var result = await L4LbProcess.RunToEndAsync([.. command, "--admin", _l4lb!.Admin.Authority]);
        _transcript.Append($"$ l4lb {string.Join(' ', command)}\n");
        foreach (var text in new[] { result.Output, result.Errors }.Where(static t => t.Length > 0))
        {
            _transcript.Append(text).Append('\n');
        }

        _transcript.Append(result.ExitCode == 0 ? "\n" : $"(exit code {result.ExitCode})\n\n");
    }

    private string WriteKubeconfig(TestCluster cluster) => _folder.Write("kubeconfig.yaml", $$"""
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "{{cluster.Address}}"} }]
        users: [{name: u, user: {} }]
        contexts: [{name: x, context: {cluster: c, user: u, namespace: {{DeployedRights.Namespace}}} }]
        current-context: x
        """);
}
