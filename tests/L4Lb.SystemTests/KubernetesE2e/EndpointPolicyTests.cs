using System.Net;
using L4Lb.SystemTests.Support.Kubernetes;
using L4Lb.Testing;

namespace L4Lb.SystemTests.KubernetesE2e;

/// <summary>
/// Cases of <c>test/e2e/network/service.go</c> of Kubernetes about readiness, termination and traffic policies, by their names
/// there.
/// </summary>
public sealed class EndpointPolicyTests(ProxySite site) : IClassFixture<ProxySite>
{
    private static readonly Dictionary<string, object> s_internalLocal = new() { ["internalTrafficPolicy"] = "Local" };
    private static readonly Dictionary<string, object> s_externalLocal = new() { ["externalTrafficPolicy"] = "Local" };

    private Pod Here => site.Pods[0];

    private Pod HereToo => site.Pods[1];

    private Pod There => site.Pods[2];

    [Fact]
    public async Task Should_be_able_to_connect_to_terminating_and_unready_endpoints_if_PublishNotReadyAddresses_is_true()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("publish", address) with
        {
            Spec = new Dictionary<string, object> { ["publishNotReadyAddresses"] = true },
        });

        // The controller publishes them as ready.
        site.Cluster.PutEndpoints("publish", [Unready(Here) with { IsReady = true }, Terminating(There) with { IsReady = true }]);
        await site.ReachesAsync(new(address, 80), Here, There);
    }

    [Fact]
    public async Task Should_not_be_able_to_connect_to_terminating_and_unready_endpoints_if_PublishNotReadyAddresses_is_false()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("unready", address));
        site.Cluster.PutEndpoints("unready", [new(Here), Unready(HereToo), Terminating(There)]);
        await site.ReachesAsync(new(address, 80), Here);
        site.Cluster.PutEndpoints("unready", [Unready(Here), Unready(HereToo)]);
        await site.RefusesAsync(new(address, 80));
    }

    [Fact]
    public async Task Should_respect_internalTrafficPolicy_Local_Pod_to_Pod()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("internal-local", address) with { Spec = s_internalLocal });
        site.Cluster.PutEndpoints("internal-local", Here, There);
        await ProxySite.ReachesAsync(site.Asker.Space, new(address, 80), Here);
        await ProxySite.ReachesAsync(There.Space, new(address, 80), There);
        site.Cluster.PutEndpoints("internal-local", There);
        await ProxySite.RefusesAsync(site.Asker.Space, new(address, 80));
    }

    [Fact]
    public async Task Should_respect_internalTrafficPolicy_Local_Pod_and_Node_to_Pod()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("internal-node", address) with { Spec = s_internalLocal });
        site.Cluster.PutEndpoints("internal-node", Here, There);
        await ProxySite.ReachesAsync(site.Node1.Space, new(address, 80), Here);
        await ProxySite.ReachesAsync(site.Node2.Space, new(address, 80), There);
    }

    [Fact]
    public async Task Should_fail_health_check_node_port_if_there_are_only_terminating_endpoints()
    {
        var (address, number) = site.Next();
        var port = 32000 + number;
        site.Cluster.PutService(new ServiceObject("health-port")
        {
            ClusterIPs = [address.ToString()],
            Ports = [new(80, NodePort: 31000 + number)],
            Spec = new Dictionary<string, object> { ["externalTrafficPolicy"] = "Local", ["healthCheckNodePort"] = port },
        });
        site.Cluster.PutEndpoints("health-port", Here);
        await AnswersAsync(site.Node1, port, "200", "\"localEndpoints\": 1");
        await AnswersAsync(site.Node2, port, "503", "\"localEndpoints\": 0");
        await site.ReachesAsync(new(site.Node1.Address, 31000 + number), Here);

        site.Cluster.PutEndpoints("health-port", [Terminating(Here)]);
        await AnswersAsync(site.Node1, port, "503", "\"localEndpoints\": 0");
        await site.ReachesAsync(new(site.Node1.Address, 31000 + number), Here);
    }

    [Fact]
    public async Task Should_fallback_to_terminating_endpoints_when_there_are_no_ready_endpoints_with_internalTrafficPolicy_Cluster()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("fallback-internal", address));
        site.Cluster.PutEndpoints("fallback-internal", [Terminating(Here), Terminating(There)]);
        await ProxySite.ReachesAsync(site.Asker.Space, new(address, 80), Here, There);
        site.Cluster.PutEndpoints("fallback-internal", [Terminating(Here), new(There)]);
        await ProxySite.ReachesAsync(site.Asker.Space, new(address, 80), There);
    }

    [Fact]
    public async Task Should_fallback_to_terminating_endpoints_when_there_are_no_ready_endpoints_with_externalTrafficPolicy_Cluster()
    {
        var port = NodePort("fallback-external", []);
        site.Cluster.PutEndpoints("fallback-external", [Terminating(Here), Terminating(There)]);
        await site.ReachesAsync(new(site.Node1.Address, port), Here, There);
        await site.ReachesAsync(new(site.Node2.Address, port), Here, There);
    }

    [Fact]
    public async Task Should_fallback_to_local_terminating_endpoints_when_there_are_no_ready_endpoints_with_internalTrafficPolicy_Local()
    {
        var (address, _) = site.Next();
        site.Cluster.PutService(Service("fallback-local", address) with { Spec = s_internalLocal });
        site.Cluster.PutEndpoints("fallback-local", [Terminating(Here), new(There)]);
        await ProxySite.ReachesAsync(site.Asker.Space, new(address, 80), Here);
        await ProxySite.ReachesAsync(site.Node2.Space, new(address, 80), There);
    }

    [Fact]
    public async Task Should_fallback_to_local_terminating_endpoints_when_there_are_no_ready_endpoints_with_externalTrafficPolicy_Local()
    {
        var port = NodePort("fallback-eplocal", s_externalLocal);
        site.Cluster.PutEndpoints("fallback-eplocal", [Terminating(Here), new(There)]);
        await site.ReachesAsync(new(site.Node1.Address, port), Here);
        await site.ReachesAsync(new(site.Node2.Address, port), There);
        site.Cluster.PutEndpoints("fallback-eplocal", [Terminating(Here)]);
        await site.RefusesAsync(new(site.Node2.Address, port));
    }

    private static ServiceObject Service(string name, IPAddress clusterIP) =>
        new(name) { Type = "ClusterIP", ClusterIPs = [clusterIP.ToString()] };

    private static EndpointObject Terminating(Pod pod) => new(pod) { IsReady = false, IsTerminating = true };

    private static EndpointObject Unready(Pod pod) => new(pod) { IsReady = false, IsServing = false };

    private int NodePort(string name, Dictionary<string, object> spec)
    {
        var (address, number) = site.Next();
        site.Cluster.PutService(Service(name, address) with { Type = "NodePort", Ports = [new(80, NodePort: 31000 + number)], Spec = spec });
        return 31000 + number;
    }

    private Task AnswersAsync(SiteNode node, int port, string status, string body) => Eventually.HoldsAsync(
        $"{node.Name}:{port} answers {status} and {body}",
        async () =>
        {
            var answer = await site.Cluster.Client.CurlAsync("-w", "%{http_code}", $"http://{node.Address}:{port}/healthz");
            return answer.Output.EndsWith(status, StringComparison.Ordinal) && answer.Output.Contains(body, StringComparison.Ordinal);
        });
}
