using System.Text.Json.Nodes;
using L4Lb.SystemTests.Support;
using L4Lb.SystemTests.Support.Kubernetes;
using L4Lb.Testing;
using L4Lb.Testing.Cluster.Access;

namespace L4Lb.SystemTests;

/// <summary>
/// The rights of <c>deploy/base</c> are what the program needs: it is refused nothing (as in every test with a
/// <see cref="ClusterSite"/>), and uses all of them.
/// </summary>
public sealed class KubernetesRightsTests : IAsyncLifetime
{
    private ClusterSite _cluster = null!;
    private L4LbProcess? _running;

    private SiteNode Node => _cluster.Nodes[0];

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterSite.StartAsync(nodes: 1);
        _cluster.PutPool("public", "192.168.77.200-192.168.77.210");
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_right_is_used()
    {
        var service = new ServiceObject("web") { ClusterIPs = ["10.96.2.1"] };
        _cluster.PutService(service);
        _running = await _cluster.RunAsync(Node, "--announce", "l2", "--manage-addresses", "eth0", "--vip-lease", "3s");
        await HasAddressAsync("web");

        // What happens again is counted in the event that says so.
        _cluster.PutService(service with { Type = "ClusterIP" });
        await Eventually.HoldsAsync("web has no address", () => _cluster.IngressOf("web").Count == 0);
        _cluster.PutService(service);
        await HasAddressAsync("web");

        // Whoever takes the finalizer away behind our back leaves us in doubt.
        var document = (service with { Type = "ClusterIP" }).ToJson();
        document["status"] = new JsonObject();
        _cluster.Api.Put(document);

        await UsesAsync(DeployedRights.All);
    }

    [Fact]
    public async Task A_proxy_alone_needs_the_rights_of_a_proxy_and_uses_all_of_them()
    {
        var rights = DeployedRights.All.Only("l4lb-proxy");
        _cluster.Api.Rights = rights;
        _running = await _cluster.RunAsync(Node, "--provider", "off", "--serve", "ClusterIP,NodePort,LoadBalancer");

        // A port that another Service has is told in an event, and again when it happens again.
        PutHealthChecked("first", 31001, 32000);
        for (var i = 0; i < 2; i++)
        {
            PutHealthChecked("second", 31002, 32000);
            var number = i + 1;
            await Eventually.HoldsAsync("the conflict is told", () => _cluster.Api.Requests.Count(static r => r.Path.Contains("/events")) == number);
            PutHealthChecked("second", 31002, 32001);
            await Eventually.HoldsAsync("the conflict is over", async () => await IsOpenAsync(32001));
        }

        await UsesAsync(rights);
    }

    [Fact]
    public async Task Announcing_alone_needs_leases_beside()
    {
        _cluster.Api.Rights = DeployedRights.All.Only("l4lb-proxy", "l4lb-leases");
        _running = await _cluster.RunAsync(
            Node, "--provider", "off", "--announce", "l2", "--manage-addresses", "eth0", "--vip-lease", "3s");
        var document = new ServiceObject("web") { ClusterIPs = ["10.96.2.1"] }.ToJson();
        document["status"] = JsonNode.Parse("""{"loadBalancer": {"ingress": [{"ip": "192.168.77.201", "ipMode": "Proxy"}]}}""");
        _cluster.Api.Put(document);
        _cluster.PutEndpoints("web", await Node.StartPodAsync());

        await UsesAsync(DeployedRights.All.Only("l4lb-leases"));
    }

    private async Task UsesAsync(AccessRights rights)
    {
        Assert.NotEmpty(rights.Grants);
        await Eventually.EqualsAsync("", () => string.Join('\n', rights.Unused(_cluster.Api.Requests)));
    }

    private Task HasAddressAsync(string service) =>
        Eventually.HoldsAsync($"{service} has an address", () => _cluster.IngressOf(service).Count > 0);

    private void PutHealthChecked(string name, int nodePort, int healthPort) => _cluster.PutService(new ServiceObject(name)
    {
        ClusterIPs = [$"10.96.2.{nodePort % 100}"],
        Ports = [new(80, NodePort: nodePort)],
        Spec = new Dictionary<string, object> { ["externalTrafficPolicy"] = "Local", ["healthCheckNodePort"] = healthPort },
    });

    private async Task<bool> IsOpenAsync(int port) =>
        (await _cluster.Client.CurlAsync($"http://{Node.Address}:{port}/healthz")).ExitCode == 0;
}
