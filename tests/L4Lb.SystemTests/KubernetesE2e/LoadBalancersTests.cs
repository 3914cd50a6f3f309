using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.SystemTests.Support.Kubernetes;
using L4Lb.Testing;
using L4Lb.Testing.Cluster;

namespace L4Lb.SystemTests.KubernetesE2e;

/// <summary>Cases of <c>test/e2e/network/loadbalancer.go</c> of Kubernetes, by their names there.</summary>
public sealed class LoadBalancersTests(ProxySite site) : IClassFixture<ProxySite>
{
    private const string Finalizer = "service.kubernetes.io/load-balancer-cleanup";

    [Fact]
    public async Task Should_be_able_to_change_the_type_and_ports_of_a_TCP_service()
    {
        var (clusterIP, number) = site.Next();
        var nodePort = 31000 + number;
        var service = new ServiceObject("mutable") { Type = "ClusterIP", ClusterIPs = [clusterIP.ToString()] };
        site.Cluster.PutEndpoints("mutable", site.Pods[0]);
        site.Cluster.PutService(service);
        await site.ReachesAsync(new(clusterIP, 80), site.Pods[0]);

        service = service with { Type = "NodePort", Ports = [new(80, NodePort: nodePort)] };
        site.Cluster.PutService(service);
        await site.ReachesAsync(new(site.Node1.Address, nodePort), site.Pods[0]);

        service = service with { Type = "LoadBalancer" };
        site.Cluster.PutService(service);
        var address = await site.IngressAsync("mutable");
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        await site.ReachesAsync(new(site.Node1.Address, nodePort), site.Pods[0]);

        site.Cluster.PutService(service with { Ports = [new(80, NodePort: nodePort + 500)] });
        await site.ReachesAsync(new(site.Node1.Address, nodePort + 500), site.Pods[0]);
        await site.RefusesAsync(new(site.Node1.Address, nodePort));
        site.Cluster.PutService(service with { Ports = [new(81, NodePort: nodePort + 500)] });
        await site.ReachesAsync(new(address, 81), site.Pods[0]);
        await site.RefusesAsync(new(address, 80));
        Assert.Equal([address.ToString()], site.Cluster.IngressOf("mutable"));

        site.Cluster.PutEndpoints("mutable");
        await site.RefusesAsync(new(address, 81));
        site.Cluster.PutEndpoints("mutable", site.Pods[1]);
        await site.ReachesAsync(new(address, 81), site.Pods[1]);

        site.Cluster.PutService(service with { Type = "ClusterIP", Ports = [new(81)] });
        await Eventually.HoldsAsync("its status is empty", () => site.Cluster.IngressOf("mutable").Count == 0);
        await Eventually.HoldsAsync("the address does not answer", async () => await site.Cluster.AskAsync(new(address, 81)) is null);
        await site.RefusesAsync(new(site.Node1.Address, nodePort + 500));
        await site.ReachesAsync(new(clusterIP, 81), site.Pods[1]);
    }

    [Fact]
    public async Task Should_be_able_to_change_the_type_and_ports_of_a_UDP_service()
    {
        var (clusterIP, number) = site.Next();
        var nodePort = 31000 + number;
        await using var server = site.Pods[0].Space.Inside(() => new UdpBackend(new(site.Pods[0].Address, 8080)));
        var service = new ServiceObject("mutable-udp") { Type = "ClusterIP", ClusterIPs = [clusterIP.ToString()], Ports = [new(80, "UDP")] };
        site.Cluster.PutEndpoints("mutable-udp", [new(site.Pods[0])], protocol: "UDP");
        site.Cluster.PutService(service);
        await AnswersUdpAsync(new(clusterIP, 80));
        service = service with { Type = "NodePort", Ports = [new(80, "UDP", NodePort: nodePort)] };
        site.Cluster.PutService(service);
        await AnswersUdpAsync(new(site.Node1.Address, nodePort));
        site.Cluster.PutService(service with { Type = "LoadBalancer" });
        var address = await site.IngressAsync("mutable-udp");
        await AnswersUdpAsync(new(address, 80));
        site.Cluster.PutService(service with { Type = "LoadBalancer", Ports = [new(81, "UDP", NodePort: nodePort)] });
        await AnswersUdpAsync(new(address, 81));
        site.Cluster.PutService(service with { Type = "ClusterIP", Ports = [new(81, "UDP")] });
        await Eventually.HoldsAsync("its status is empty", () => site.Cluster.IngressOf("mutable-udp").Count == 0);
        await AnswersUdpAsync(new(clusterIP, 81));
    }

    [Fact]
    public async Task Should_only_allow_access_from_service_loadbalancer_source_ranges()
    {
        var service = Create("ranged", site.Pods[0]) with { Spec = Ranges($"{site.Asker.Address}/32") };
        site.Cluster.PutService(service);
        var to = new IPEndPoint(await site.IngressAsync("ranged"), 80);
        await ProxySite.ReachesAsync(site.Asker.Space, to, site.Pods[0]);
        await TurnsAwayAsync(site.Cluster.Client, to);

        site.Cluster.PutService(service with { Spec = Ranges("192.168.77.100/32") });
        await site.ReachesAsync(to, site.Pods[0]);
        await TurnsAwayAsync(site.Asker.Space, to);

        site.Cluster.PutService(service with { Spec = new Dictionary<string, object>() });
        await site.ReachesAsync(to, site.Pods[0]);
        await ProxySite.ReachesAsync(site.Asker.Space, to, site.Pods[0]);
    }

    [Fact]
    public async Task Should_have_session_affinity_work_for_LoadBalancer_service_and_be_able_to_switch_it()
    {
        foreach (var policy in (string[])["Cluster", "Local"])
        {
            var name = $"sticky-{policy}".ToLowerInvariant();
            var service = Create(name, site.Pods[0], site.Pods[1]) with { Spec = new Dictionary<string, object> { ["externalTrafficPolicy"] = policy } };
            site.Cluster.PutService(service);
            var to = new IPEndPoint(await site.IngressAsync(name), 80);
            await site.ReachesAsync(to, site.Pods[0], site.Pods[1]);
            site.Cluster.PutService(service with
            {
                Spec = new Dictionary<string, object> { ["externalTrafficPolicy"] = policy, ["sessionAffinity"] = "ClientIP" },
            });
            await Eventually.HoldsAsync("all go to one", async () => (await AnswersAsync(to)).Count == 1);
            site.Cluster.PutService(service);
            await site.ReachesAsync(to, site.Pods[0], site.Pods[1]);
        }
    }

    [Fact]
    public async Task Should_handle_load_balancer_cleanup_finalizer_for_service()
    {
        var service = Create("finalized", site.Pods[0]);
        site.Cluster.PutService(service);
        await site.IngressAsync("finalized");
        Assert.Contains(Finalizer, Finalizers("finalized"));

        site.Cluster.PutService(service with { Type = "ClusterIP" });
        await Eventually.HoldsAsync("the finalizer is removed", () => !Finalizers("finalized").Contains(Finalizer));
        site.Cluster.PutService(service);
        await Eventually.HoldsAsync("it is back", () => Finalizers("finalized").Contains(Finalizer));

        site.Cluster.Api.Delete(Kind.Service, "finalized");
        await Eventually.HoldsAsync("the Service is gone", () => site.Cluster.Api.Get(Kind.Service, "finalized") is null);
    }

    [Fact]
    public async Task Should_be_able_to_create_LoadBalancer_Service_without_NodePort_and_change_it()
    {
        var service = Create("no-node-port", site.Pods[0]) with { Spec = new Dictionary<string, object> { ["allocateLoadBalancerNodePorts"] = false } };
        site.Cluster.PutService(service);
        var address = await site.IngressAsync("no-node-port");
        await site.ReachesAsync(new(address, 80), site.Pods[0]);

        var (_, number) = site.Next();
        site.Cluster.PutService(service with
        {
            Ports = [new(80, NodePort: 31000 + number)],
            Spec = new Dictionary<string, object> { ["allocateLoadBalancerNodePorts"] = true },
        });
        await site.ReachesAsync(new(site.Node1.Address, 31000 + number), site.Pods[0]);
        Assert.Equal([address.ToString()], site.Cluster.IngressOf("no-node-port"));
    }

    [Fact]
    public async Task Should_be_able_to_preserve_UDP_traffic_when_server_pod_cycles_for_a_LoadBalancer_service()
    {
        var (clusterIP, _) = site.Next();
        site.Cluster.PutService(new ServiceObject("cycle") { ClusterIPs = [clusterIP.ToString()], Ports = [new(80, "UDP")] });
        var to = new IPEndPoint(await site.IngressAsync("cycle"), 80);
        using var client = site.Cluster.Client.Inside(() => new UdpClientSocket(to, IPAddress.Any));
        foreach (var pod in (Pod[])[site.Pods[0], site.Pods[1], site.Pods[2], site.Pods[0]])
        {
            await using var server = pod.Space.Inside(() => new UdpBackend(new(pod.Address, 8080)));
            site.Cluster.PutEndpoints("cycle", [new(pod)], protocol: "UDP");

            // One client port all along: what a kernel's stale connection tracking would send to the pod before.
            await Eventually.HoldsAsync($"{pod.Address} answers", async () => (await TryAskAsync(client))?.Backend.Address.Equals(pod.Address) == true);
        }
    }

    [Fact]
    public async Task Should_allow_pods_with_different_protocols_behind_one_load_balancer()
    {
        var (clusterIP, _) = site.Next();
        await using var server = site.Pods[1].Space.Inside(() => new UdpBackend(new(site.Pods[1].Address, 8080)));
        site.Cluster.PutService(new ServiceObject("mixed")
        {
            ClusterIPs = [clusterIP.ToString()],
            Ports = [new(80, "TCP", "tcp"), new(80, "UDP", "udp")],
        });
        site.Cluster.PutEndpoints("mixed", [new(site.Pods[0])], "tcp");
        site.Cluster.PutEndpoints("mixed", [new(site.Pods[1])], "udp", "UDP");
        var address = await site.IngressAsync("mixed");
        await site.ReachesAsync(new(address, 80), site.Pods[0]);
        await AnswersUdpAsync(new(address, 80));
    }

    [Fact]
    public async Task Should_only_target_nodes_with_endpoints_and_handle_updates_to_ExternalTrafficPolicy_field()
    {
        var (clusterIP, number) = site.Next();
        var service = new ServiceObject("esipp")
        {
            ClusterIPs = [clusterIP.ToString()],
            Ports = [new(80, NodePort: 31000 + number)],
            Spec = new Dictionary<string, object> { ["externalTrafficPolicy"] = "Local", ["healthCheckNodePort"] = 32000 + number },
        };
        site.Cluster.PutEndpoints("esipp", site.Pods[2]);
        site.Cluster.PutService(service);
        await site.ReachesAsync(new(site.Node2.Address, 31000 + number), site.Pods[2]);
        await site.RefusesAsync(new(site.Node1.Address, 31000 + number));
        Assert.Equal("200", await HealthAsync(site.Node2, 32000 + number));
        Assert.Equal("503", await HealthAsync(site.Node1, 32000 + number));

        site.Cluster.PutService(service with { Spec = new Dictionary<string, object> { ["externalTrafficPolicy"] = "Cluster" } });
        await site.ReachesAsync(new(site.Node1.Address, 31000 + number), site.Pods[2]);
        await Eventually.HoldsAsync("the health port is free", async () => await HealthAsync(site.Node2, 32000 + number) == "000");

        site.Cluster.PutService(service);
        await site.RefusesAsync(new(site.Node1.Address, 31000 + number));
        await Eventually.HoldsAsync("the health port is back", async () => await HealthAsync(site.Node2, 32000 + number) == "200");
    }

    [Fact]
    public async Task Should_not_have_connectivity_disruption_during_rolling_update_with_externalTrafficPolicy_Cluster()
    {
        site.Cluster.PutService(Create("rolling", site.Pods[0], site.Pods[1]));
        var to = new IPEndPoint(await site.IngressAsync("rolling"), 80);
        await site.ReachesAsync(to, site.Pods[0], site.Pods[1]);

        using var stop = new CancellationTokenSource();
        var load = LoadAsync(to, stop.Token);
        for (var round = 0; round < 4; round++)
        {
            await UpdateAsync(new EndpointObject(site.Pods[0]), Old(site.Pods[1]), new(site.Pods[2]));
            await UpdateAsync(new EndpointObject(site.Pods[0]), new(site.Pods[2]));
            await UpdateAsync(Old(site.Pods[0]), new(site.Pods[2]), new(site.Asker));
            await UpdateAsync(new EndpointObject(site.Pods[2]), new(site.Asker));
            await UpdateAsync(new EndpointObject(site.Pods[0]), new(site.Pods[1]));
        }

        await stop.CancelAsync();
        var (asked, answered) = await load;
        Assert.Equal(asked, answered);
        Assert.True(asked > 100, $"{asked} requests are no load");

        async Task UpdateAsync(params EndpointObject[] endpoints)
        {
            site.Cluster.PutEndpoints("rolling", endpoints);
            await site.ReachesAsync(to, [.. endpoints.Where(static e => e.IsReady).Select(static e => e.Pod)]);
        }
    }

    private static EndpointObject Old(Pod pod) => new(pod) { IsReady = false, IsTerminating = true };

    private static Dictionary<string, object> Ranges(string range) => new() { ["loadBalancerSourceRanges"] = new[] { range } };

    // Not at once: the address may have been another Service's until now, which this node's proxy has yet to hear.
    private static Task TurnsAwayAsync(NetworkNamespace from, IPEndPoint to) =>
        Eventually.HoldsAsync($"{to} turns the asker away", async () => await ClusterSite.AskAsync(from, to) is null);

    private static async Task<EchoAnswer?> TryAskAsync(UdpClientSocket client)
    {
        try
        {
            return await client.AskAsync("who", TimeSpan.FromMilliseconds(300));
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null; // Refused, while nobody listens.
        }
    }

    private ServiceObject Create(string name, params Pod[] pods)
    {
        var (address, _) = site.Next();
        site.Cluster.PutEndpoints(name, pods);
        return new ServiceObject(name) { ClusterIPs = [address.ToString()] };
    }

    private string[] Finalizers(string name) =>
        [.. site.Cluster.Api.Get(Kind.Service, name)?["metadata"]?["finalizers"]?.AsArray().Select(static f => (string)f!) ?? []];

    private async Task AnswersUdpAsync(IPEndPoint to)
    {
        using var client = site.Cluster.Client.Inside(() => new UdpClientSocket(to, IPAddress.Any));
        await Eventually.HoldsAsync($"{to} answers by UDP", async () => await TryAskAsync(client) is not null);
    }

    private async Task<IReadOnlySet<string?>> AnswersAsync(IPEndPoint to)
    {
        var answers = new HashSet<string?>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await site.Cluster.AskAsync(to));
        }

        return answers;
    }

    private async Task<string> HealthAsync(SiteNode node, int port) =>
        (await site.Cluster.Client.CurlAsync("-o", "/dev/null", "-w", "%{http_code}", $"http://{node.Address}:{port}/")).Output;

    private async Task<(int Asked, int Answered)> LoadAsync(IPEndPoint to, CancellationToken stop)
    {
        var (asked, answered) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            asked++;
            answered += await site.Cluster.AskAsync(to, TimeSpan.FromSeconds(5)) is null ? 0 : 1;
        }

        return (asked, answered);
    }
}
