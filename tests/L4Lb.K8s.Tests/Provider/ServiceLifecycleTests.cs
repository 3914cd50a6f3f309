using System.Text.Json.Nodes;
using L4Lb.K8s.Provider;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>The life of one Service, as far as the e2e tests of Kubernetes look at it (their names where they have one).</summary>
public sealed class ServiceLifecycleTests : IAsyncDisposable
{
    private readonly ProviderRig _rig = new ProviderRig().Pool("a", "192.0.2.1-192.0.2.9").Start();

    [Fact]
    public async Task Should_handle_load_balancer_cleanup_finalizer_for_service()
    {
        _rig.Service("web", metadata: "\"finalizers\": [\"example.com/other\"]");
        await _rig.HasAsync("web", "192.0.2.1");
        Assert.Equal(["example.com/other", ProviderRig.CleanupFinalizer], _rig.Get("web")!.Finalizers());

        _rig.Patch("web", """{"spec": {"type": "ClusterIP"}}""");
        await _rig.IsLeftAsync("web");
        Assert.Equal(["example.com/other"], _rig.Get("web")!.Finalizers());

        _rig.Patch("web", """{"spec": {"type": "LoadBalancer"}, "metadata": {"finalizers": null}}""");
        await _rig.HasAsync("web", "192.0.2.1");
        Assert.Equal([ProviderRig.CleanupFinalizer], _rig.Get("web")!.Finalizers());

        _rig.Delete("web");
        await _rig.IsGoneAsync("web");
    }

    [Fact]
    public async Task Should_complete_a_service_status_lifecycle()
    {
        _rig.Service("web");
        await _rig.HasAsync("web", "192.0.2.1");
        var status = _rig.Get("web")!["status"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""[{"ip": "192.0.2.1", "ipMode": "Proxy"}]"""), status["loadBalancer"]!["ingress"]));
        var condition = _rig.Condition("web")!;
        Assert.Equal(("Assigned", "192.0.2.1 of the address pool a"), ((string)condition["reason"]!, (string)condition["message"]!));
        var since = (string)condition["lastTransitionTime"]!;

        // What others write there stays, and what they take away comes back.
        _rig.Patch(Kind.Service, "web", """{"status": {"conditions": [{"type": "example.com/x", "status": "True", "reason": "r", "message": "m", "lastTransitionTime": "2020-01-02T03:04:05Z"}], "loadBalancer": {"ingress": [{"ip": "203.0.113.1"}]}}}""", status: true);
        await _rig.HasAsync("web", "192.0.2.1");
        var other = _rig.Condition("web", "example.com/x")!;
        Assert.Equal("2020-01-02T03:04:05Z", (string)other["lastTransitionTime"]!);
        Assert.NotNull(since);
    }

    [Theory]
    [InlineData("TCP")]
    [InlineData("UDP")]
    public async Task Should_be_able_to_change_the_type_and_ports_of_a_service(string protocol)
    {
        _rig.Service("web", $"\"type\": \"ClusterIP\", \"ports\": [{{\"port\": 80, \"protocol\": \"{protocol}\"}}]");
        await _rig.IsQuietAsync();
        Assert.Empty(_rig.Get("web")!.Finalizers());

        _rig.Patch("web", """{"spec": {"type": "NodePort"}}""");
        await _rig.IsQuietAsync();
        _rig.Patch("web", """{"spec": {"type": "LoadBalancer"}}""");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Patch("web", $$"""{"spec": {"ports": [{"port": 81, "protocol": "{{protocol}}"}] } }""");
        await _rig.IsQuietAsync();
        Assert.Equal("192.0.2.1", _rig.AddressesOf("web"));

        _rig.Patch("web", """{"spec": {"type": "ClusterIP"}}""");
        await _rig.IsLeftAsync("web");
        _rig.Service("next");
        await _rig.HasAsync("next", "192.0.2.1");
        _rig.Patch("web", """{"spec": {"type": "LoadBalancer"}}""");
        await _rig.HasAsync("web", "192.0.2.2");
    }

    [Fact]
    public async Task Should_be_able_to_create_LoadBalancer_Service_without_NodePort_and_change_it()
    {
        _rig.Service("web", "\"allocateLoadBalancerNodePorts\": false");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Patch("web", """{"spec": {"allocateLoadBalancerNodePorts": true, "ports": [{"port": 80, "protocol": "TCP", "nodePort": 30080}]}}""");
        await _rig.IsQuietAsync();
        Assert.Equal("192.0.2.1", _rig.AddressesOf("web"));
    }

    [Fact]
    public async Task Should_allow_pods_with_different_protocols_behind_one_LB()
    {
        _rig.Service("dns", "\"ports\": [{\"port\": 53, \"protocol\": \"TCP\"}, {\"port\": 53, \"protocol\": \"UDP\"}]");
        await _rig.HasAsync("dns", "192.0.2.1");
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""[{"port": 53, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"}]"""), Ingress("dns")["ports"]));
        Assert.Null(_rig.Condition("dns", "LoadBalancerPortsError"));

        _rig.Patch("dns", """{"spec": {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 3868, "protocol": "SCTP"}]}}""");
        await Eventually.HoldsAsync(() => _rig.Condition("dns", "LoadBalancerPortsError") is not null, () => $"{_rig.Get("dns")}");
        Assert.Equal("TCP and UDP are served, and these are not: 3868/SCTP", (string)_rig.Condition("dns", "LoadBalancerPortsError")!["message"]!);
        Assert.Equal("l4lb.io/ProtocolNotSupported", (string)Ingress("dns")["ports"]![1]!["error"]!);

        _rig.Patch("dns", """{"spec": {"ports": [{"port": 53, "protocol": "UDP"}]}}""");
        await Eventually.HoldsAsync(() => _rig.Condition("dns", "LoadBalancerPortsError") is null, () => $"{_rig.Get("dns")}");
        Assert.Null(Ingress("dns")["ports"]);
    }

    [Fact]
    public async Task Should_work_after_the_service_has_been_recreated()
    {
        _rig.Service("web", metadata: "\"finalizers\": [\"example.com/slow\"]");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Delete("web");

        // Somebody else still keeps it: it shows no address any more, and does not get one again.
        await _rig.IsLeftAsync("web");
        _rig.Service("next");
        await _rig.HasAsync("next", "192.0.2.1");
        _rig.Patch("web", """{"metadata": {"finalizers": null}}""");
        await _rig.IsGoneAsync("web");
        _rig.Service("web");
        await _rig.HasAsync("web", "192.0.2.2");
    }

    [Fact]
    public async Task Should_release_the_address_of_a_Service_whose_finalizer_was_removed_by_force()
    {
        _rig.Service("web");
        await _rig.HasAsync("web", "192.0.2.1");
        await _rig.Services!.PauseAsync();
        _rig.Patch("web", """{"metadata": {"finalizers": null}}""").Delete("web");
        _rig.Services.Resume();
        _rig.Service("next");
        _rig.Annotate("next", "l4lb.io/load-balancer-ips", "192.0.2.1");
        await _rig.HasAsync("next", "192.0.2.1");
    }

    [Fact]
    public async Task Servers_that_do_not_know_ipMode_are_not_told_again_and_again()
    {
        _rig.Service("web");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Patch(Kind.Service, "web", """{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}""", status: true);
        await _rig.IsQuietAsync();
        Assert.Null(Ingress("web")["ipMode"]);
    }

    [Theory]
    [InlineData("Proxy")]
    [InlineData("VIP")]
    public async Task The_ipMode_is_that_of_the_options(string mode)
    {
        await using var rig = new ProviderRig(new ProviderOptions { IPMode = mode }).Pool("a", "192.0.2.1").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        Assert.Equal(mode, (string)rig.Get("web")!["status"]!["loadBalancer"]!["ingress"]![0]!["ipMode"]!);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private JsonNode Ingress(string service) => _rig.Get(service)!["status"]!["loadBalancer"]!["ingress"]![0]!;
}
