using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Reading;

namespace L4Lb.K8s.Tests.Defaults;

public sealed class DefaultsTests
{
    [Fact]
    public void AServiceThatSaysNothingGetsWhatTheApiServerGives()
    {
        var service = Manifests.Service("ports: [{port: 80}]");

        Assert.Equal("ClusterIP", service.Type);
        Assert.Equal("None", service.SessionAffinity);
        Assert.Equal("Cluster", service.InternalTrafficPolicy);
        Assert.Equal("", service.ExternalTrafficPolicy);
        Assert.Null(service.AllocateLoadBalancerNodePorts);
        Assert.Null(service.SessionAffinityTimeoutSeconds);
        Assert.Equal("default", service.Metadata.Namespace);
        Assert.Equal([new ServicePort { Protocol = "TCP", Port = 80, TargetPort = new(80, null) }], service.Ports);
    }

    [Theory]
    [InlineData("type: NodePort", "Cluster")]
    [InlineData("type: LoadBalancer", "Cluster")]
    [InlineData("externalIPs: [80.1.2.3]", "Cluster")]
    [InlineData("type: NodePort\nexternalTrafficPolicy: Local", "Local")]
    public void ExternallyAccessibleServicesHaveAnExternalPolicy(string spec, string policy) =>
        Assert.Equal(policy, Manifests.Service($"{spec}\nports: [{{port: 80}}]").ExternalTrafficPolicy);

    [Fact]
    public void LoadBalancersAllocateNodePortsAndHaveVips()
    {
        var set = Manifests.Load(Manifests.ServiceOf("type: LoadBalancer\nports: [{port: 80}]")
            + "status: {loadBalancer: {ingress: [{ip: 1.2.3.4}, {hostname: a.example}]}}");

        var service = Assert.IsType<Service>(Assert.Single(set.Objects));
        Assert.True(service.AllocateLoadBalancerNodePorts);
        Assert.Equal([new("1.2.3.4", "", "VIP"), new("", "a.example", null)], service.Ingress);
    }

    [Theory]
    [InlineData("sessionAffinity: ClientIP", 10800)]
    [InlineData("sessionAffinity: ClientIP\nsessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}", 5)]
    [InlineData("sessionAffinity: None\nsessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}", null)]
    public void AffinityHasATimeoutOrNone(string spec, int? seconds)
    {
        var service = Manifests.Service($"{spec}\nports: [{{port: 80}}]");

        Assert.Equal(seconds, service.SessionAffinityTimeoutSeconds);
        Assert.Equal(seconds is not null, service.HasSessionAffinityConfig);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("10.96.0.7")]
    public void OneClusterIPIsAlsoTheList(string clusterIP) =>
        Assert.Equal([clusterIP], Manifests.Service($"clusterIP: {clusterIP}\nports: [{{port: 80}}]").ClusterIPs);

    [Theory]
    [InlineData("targetPort: 0", 80, null)]
    [InlineData("targetPort: \"\"", 80, null)]
    [InlineData("targetPort: http", 0, "http")]
    [InlineData("targetPort: 8080", 8080, null)]
    public void TheTargetPortIsThePortUnlessItIsGiven(string targetPort, int number, string? name) =>
        Assert.Equal(new IntOrString(number, name), Manifests.Service($"ports: [{{port: 80, {targetPort}}}]").Ports[0].TargetPort);

    [Fact]
    public void EndpointPortsAreTcpAndNameless()
    {
        var set = Manifests.Load("""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1}
            addressType: IPv4
            ports: [{port: 80}]
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {name: web}
            subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]
            """);

        EndpointPort expected = new("", "TCP", 80, null);
        Assert.Equal([expected], Assert.IsType<EndpointSlice>(set.Objects[0]).Ports);
        Assert.Equal([expected], Assert.IsType<K8s.Objects.Endpoints>(set.Objects[1]).Subsets[0].Ports);
    }
}
