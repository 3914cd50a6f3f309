using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.SystemTests.Support.Kubernetes;
using L4Lb.Testing;
using L4Lb.Testing.Cluster;

namespace L4Lb.SystemTests.KubernetesE2e;

/// <summary>Cases of <c>test/e2e/network/service.go</c> of Kubernetes, by their names there.</summary>
public sealed class ServicesTests(ProxySite site) : IClassFixture<ProxySite>
{
    [Fact]
    public async Task Should_serve_a_basic_endpoint_from_pods()
    {
        var (address, name) = Create("basic", site.Pods[0]);
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        site.Cluster.PutEndpoints(name, site.Pods[0], site.Pods[1]);
        await site.ReachesAsync(new(address, 80), site.Pods[0], site.Pods[1]);
        site.Cluster.PutEndpoints(name, site.Pods[1]);
        await site.ReachesAsync(new(address, 80), site.Pods[1]);
        site.Cluster.PutEndpoints(name);
        await site.RefusesAsync(new(address, 80));
    }

    [Fact]
    public async Task Should_serve_multiport_endpoints_from_pods()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("multiport", address) with { Ports = [new(80, Name: "one"), new(81, Name: "two")] });
        site.Cluster.PutEndpoints("multiport", [new(site.Pods[0])], "one");
        site.Cluster.PutEndpoints("multiport", [new(site.Pods[1])], "two");
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        await site.ReachesAsync(new(address, 81), site.Pods[1]);
    }

    [Fact]
    public async Task Should_be_updated_after_adding_or_deleting_ports()
    {
        var (address, _) = site.Next();
        var service = Service("ports", address) with { Ports = [new(80, Name: "one")] };
        site.Cluster.PutService(service);
        site.Cluster.PutEndpoints("ports", [new(site.Pods[0])], "one");
        site.Cluster.PutEndpoints("ports", [new(site.Pods[1])], "two");
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        site.Cluster.PutService(service with { Ports = [new(80, Name: "one"), new(81, Name: "two")] });
        await site.ReachesAsync(new(address, 81), site.Pods[1]);
        site.Cluster.PutService(service with { Ports = [new(81, Name: "two")] });
        await site.RefusesAsync(new(address, 80));
        await site.ReachesAsync(new(address, 81), site.Pods[1]);
    }

    [Fact]
    public async Task Should_allow_pods_to_hairpin_back_to_themselves_through_services()
    {
        var (address, _) = Create("hairpin", site.Pods[0]);
        await ProxySite.ReachesAsync(site.Pods[0].Space, new(address, 80), site.Pods[0]);
    }

    [Fact]
    public async Task Should_be_able_to_up_and_down_services()
    {
        var (one, _) = Create("up-one", site.Pods[0]);
        var (two, _) = Create("up-two", site.Pods[1]);
        await site.ReachesAsync(new(one, 80), site.Pods[0]);
        await site.ReachesAsync(new(two, 80), site.Pods[1]);

        site.Cluster.Api.Delete(Kind.Service, "up-one");
        await IsGoneAsync(one);
        await site.ReachesAsync(new(two, 80), site.Pods[1]);

        site.Cluster.PutService(Service("up-one", one));
        await site.ReachesAsync(new(one, 80), site.Pods[0]);
    }

    [Fact]
    public async Task Should_work_after_the_service_has_been_recreated()
    {
        var (address, name) = Create("recreated", site.Pods[0]);
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        site.Cluster.Api.Delete(Kind.Service, name);
        await IsGoneAsync(address);
        site.Cluster.PutService(Service(name, address));
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
    }

    [Fact]
    public async Task Should_work_after_restarting_kube_proxy()
    {
        var (address, _) = Create("restarted-proxy", site.Pods[0]);
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        await site.RestartAsync();
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
    }

    [Fact]
    public async Task Should_work_after_restarting_apiserver()
    {
        var (address, name) = Create("restarted-api", site.Pods[0]);
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        await site.Cluster.Api.GoDownAsync();
        Assert.Equal($"{site.Pods[0].Address}", await site.Cluster.AskAsync(new(address, 80)));
        site.Cluster.PutEndpoints(name, site.Pods[1]); // Nobody hears of it yet.
        Assert.Equal($"{site.Pods[0].Address}", await site.Cluster.AskAsync(new(address, 80)));
        await site.Cluster.Api.GoUpAsync();
        await site.ReachesAsync(new(address, 80), site.Pods[1]);
    }

    [Fact]
    public async Task Should_be_able_to_create_a_functioning_NodePort_service()
    {
        var (address, number) = site.Next();
        site.Cluster.PutService(Service("node-port", address) with { Type = "NodePort", Ports = [new(80, NodePort: 31000 + number)] });
        site.Cluster.PutEndpoints("node-port", site.Pods[0], site.Pods[2]);
        await site.ReachesAsync(new(address, 80), site.Pods[0], site.Pods[2]);
        foreach (var node in site.Cluster.Nodes)
        {
            await site.ReachesAsync(new(node.Address, 31000 + number), site.Pods[0], site.Pods[2]);
        }
    }

    [Fact]
    public async Task Should_be_possible_to_connect_to_a_service_via_ExternalIP_when_the_external_IP_is_not_assigned_to_a_node()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("external", address) with
        {
            Spec = new Dictionary<string, object> { ["externalIPs"] = new[] { "203.0.113.250" }, ["externalTrafficPolicy"] = "Cluster" },
        });
        site.Cluster.PutEndpoints("external", site.Pods[0]);
        await site.ReachesAsync(new(IPAddress.Parse("203.0.113.250"), 80), site.Pods[0]);
    }

    [Fact]
    public async Task Should_be_able_to_update_service_type_to_NodePort_listening_on_same_port_number_but_different_protocols()
    {
        var (address, number) = site.Next();
        var service = Service("both", address) with { Ports = [new(80, "TCP", "tcp"), new(80, "UDP", "udp")] };
        site.Cluster.PutService(service);
        site.Cluster.PutEndpoints("both", [new(site.Pods[0])], "tcp");
        site.Cluster.PutEndpoints("both", [new(site.Pods[0])], "udp", "UDP");
        await site.ReachesAsync(new(address, 80), site.Pods[0]);

        var port = 31000 + number;
        site.Cluster.PutService(service with
        {
            Type = "NodePort",
            Ports = [new(80, "TCP", "tcp", port), new(80, "UDP", "udp", port)],
        });
        await site.ReachesAsync(new(site.Node1.Address, port), site.Pods[0]);
        await using var server = Asked(site.Pods[0], 8080);
        using var client = site.Cluster.Client.Inside(() => new UdpClientSocket(new(site.Node1.Address, port), IPAddress.Any));
        await Eventually.HoldsAsync("an answer by UDP", async () => await client.AskAsync("hello", TimeSpan.FromSeconds(1)) is not null);
    }

    [Fact]
    public async Task Should_be_able_to_change_the_type_from_ExternalName_to_ClusterIP_and_NodePort_and_back()
    {
        var (address, number) = site.Next();
        var name = new ServiceObject("named") { Type = "ExternalName", Spec = new Dictionary<string, object> { ["externalName"] = "example.com" } };
        var clusterIP = Service("named", address);
        var nodePort = clusterIP with { Type = "NodePort", Ports = [new(80, NodePort: 31000 + number)] };
        site.Cluster.PutEndpoints("named", site.Pods[0]);
        site.Cluster.PutService(name);
        site.Cluster.PutService(clusterIP);
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        site.Cluster.PutService(name);
        await IsGoneAsync(address);
        site.Cluster.PutService(nodePort);
        await site.ReachesAsync(new(site.Node2.Address, 31000 + number), site.Pods[0]);
        site.Cluster.PutService(name);
        await site.RefusesAsync(new(site.Node2.Address, 31000 + number));
    }

    [Fact]
    public async Task Should_implement_service_kubernetes_io_service_proxy_name()
    {
        await ToggleAsync("proxy-name", "service.kubernetes.io/service-proxy-name", "foo-bar");
    }

    [Fact]
    public async Task Should_implement_service_kubernetes_io_headless()
    {
        await ToggleAsync("headless-label", "service.kubernetes.io/headless", "");
    }

    [Fact]
    public async Task Should_have_session_affinity_work_for_service_with_type_clusterIP_and_be_able_to_switch_it()
    {
        var (address, _) = site.Next();
        var plain = Service("sticky", address);
        var sticky = plain with
        {
            Spec = new Dictionary<string, object>
            {
                ["sessionAffinity"] = "ClientIP",
                ["sessionAffinityConfig"] = new { clientIP = new { timeoutSeconds = 10800 } },
            },
        };
        site.Cluster.PutEndpoints("sticky", site.Pods[0], site.Pods[1]);
        site.Cluster.PutService(plain);
        await site.ReachesAsync(new(address, 80), site.Pods[0], site.Pods[1]);
        site.Cluster.PutService(sticky);
        await Eventually.HoldsAsync("all go to one", async () => await CountAnswersAsync(new(address, 80)) == 1);
        site.Cluster.PutService(plain);
        await site.ReachesAsync(new(address, 80), site.Pods[0], site.Pods[1]);
    }

    [Fact]
    public async Task Should_be_rejected_when_no_endpoints_exist()
    {
        var (address, number) = site.Next();
        site.Cluster.PutService(Service("nobody", address) with { Type = "NodePort", Ports = [new(80, NodePort: 31000 + number)] });
        site.Cluster.PutEndpoints("nobody");
        await Eventually.HoldsAsync("the address is there", async () => (await site.Node1.Space.IpAsync("addr show dev cni0")).Contains($"{address}/", StringComparison.Ordinal));
        await site.RefusesAsync(new(address, 80));
        await ProxySite.RefusesAsync(site.Asker.Space, new(address, 80));
        await site.RefusesAsync(new(site.Node1.Address, 31000 + number));
        await site.RefusesAsync(new(site.Node2.Address, 31000 + number));
    }

    private static ServiceObject Service(string name, IPAddress clusterIP) =>
        new(name) { Type = "ClusterIP", ClusterIPs = [clusterIP.ToString()] };

    /// <summary>A UDP server of the test in a pod.</summary>
    private static UdpBackend Asked(Pod pod, int port) => pod.Space.Inside(() => new UdpBackend(new(pod.Address, port)));

    private (IPAddress Address, string Name) Create(string name, params Pod[] pods)
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service(name, address));
        site.Cluster.PutEndpoints(name, pods);
        return (address, name);
    }

    // Without a listener and without the address, the node forwards to nowhere or has no route: never an answer.
    private Task IsGoneAsync(IPAddress address) => Eventually.HoldsAsync(
        $"{address} is gone", async () => !(await site.Node1.Space.IpAsync("addr show dev cni0")).Contains($"{address}/", StringComparison.Ordinal));

    private async Task<int> CountAnswersAsync(IPEndPoint to)
    {
        var answers = new HashSet<string?>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await site.Cluster.AskAsync(to));
        }

        return answers.Count;
    }

    private async Task ToggleAsync(string name, string label, string value)
    {
        var (address, _) = Create(name, site.Pods[0]);
        var labelled = Service(name, address) with { Labels = new Dictionary<string, string> { [label] = value } };
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        site.Cluster.PutService(labelled);
        await IsGoneAsync(address);
        site.Cluster.PutService(Service(name, address));
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
    }
}
