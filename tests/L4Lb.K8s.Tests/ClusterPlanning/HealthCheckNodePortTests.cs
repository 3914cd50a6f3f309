using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.ClusterPlanning;

public class HealthCheckNodePortTests
{
    private static readonly Objects.Service s_local =
        ProxyRig.LoadBalancer("web", "192.0.2.1") with { ExternalTrafficPolicy = "Local", HealthCheckNodePort = 32001 };

    private readonly ProxyRig _rig = new();

    [Fact]
    public void TestHealthCheckNodePort()
    {
        _rig.Put(s_local, ProxyRig.Slice("web", "1", ProxyRig.On("there", "10.0.0.1")));
        Assert.Equal([new("default", "web", 32001, 0)], _rig.Plan().HealthChecks);

        _rig.Put(ProxyRig.Slice("web", "2", ProxyRig.On("here", "10.0.0.2"), ProxyRig.On("here", "10.0.0.3")));
        Assert.Equal([new("default", "web", 32001, 2)], _rig.Plan().HealthChecks);

        Assert.Empty(_rig.Delete(s_local).Plan().HealthChecks);
    }

    [Fact]
    public void TestHealthCheckNodePortWhenTerminating()
    {
        _rig.Put(s_local, ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1", ready: false, serving: true, terminating: true)));

        Assert.Equal([new("default", "web", 32001, 0)], _rig.Plan().HealthChecks);
        Assert.Equal("10.0.0.1:8080", _rig.Eligible(Engine.Desired.BackendScope.Local));
    }

    [Fact]
    public void An_address_counts_once_however_many_ports_it_has()
    {
        _rig.Put(
            s_local with { Ports = [Make.Port(80, 8080, "http"), Make.Port(443, 8443, "https")] },
            ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")) with { Ports = [new("http", "TCP", 8080, null), new("https", "TCP", 8443, null)] });

        Assert.Equal(1, Assert.Single(_rig.Plan().HealthChecks).LocalEndpoints);
    }

    [Fact]
    public void It_is_there_before_there_is_an_address_and_for_other_classes_too()
    {
        _rig.Put(s_local with { Ingress = [], LoadBalancerClass = "example.com/other" }, ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));

        Assert.Equal([new("default", "web", 32001, 1)], _rig.Plan().HealthChecks);
    }

    [Fact]
    public void There_is_none_with_the_policy_Cluster_nor_of_another_type_nor_for_another_proxy()
    {
        _rig.Put(s_local with { ExternalTrafficPolicy = "Cluster" });
        Assert.Empty(_rig.Plan().HealthChecks);

        _rig.Put(s_local with { Type = "NodePort" });
        Assert.Empty(_rig.Plan().HealthChecks);

        _rig.Put(s_local.Labelled("service.kubernetes.io/service-proxy-name", "other"));
        Assert.Empty(_rig.Plan().HealthChecks);
    }

    [Fact]
    public void Who_is_not_served_has_no_endpoints_here()
    {
        _rig.Put(s_local.Annotated("l4lb.io/idle-timeout", "soon"), ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));

        Assert.Equal([new("default", "web", 32001, 0)], _rig.Plan().HealthChecks);
    }

    [Fact]
    public void What_did_not_change_is_the_same_list()
    {
        var before = _rig.Put(s_local, ProxyRig.Service("other")).Plan();
        var after = _rig.Put(ProxyRig.Slice("other", "1", ProxyRig.On("here", "10.0.0.1"))).Plan();

        Assert.NotSame(before, after);
        Assert.Same(before.HealthChecks, after.HealthChecks);
    }
}
