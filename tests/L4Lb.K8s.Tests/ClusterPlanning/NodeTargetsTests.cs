using L4Lb.Engine.Desired;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.ClusterPlanning;

public class NodeTargetsTests
{
    private static readonly Node s_one = ProxyRig.Node("n1", "", "192.168.0.1", "192.168.1.1", "fd00::1");
    private static readonly Node s_two = ProxyRig.Node("n2", "", "fd00::2", "192.168.0.2");
    private readonly ProxyRig _rig = new(new() { Backends = BackendKind.Nodes });

    [Fact]
    public void The_backends_are_the_nodes_at_the_node_port()
    {
        _rig.Put(s_two, ProxyRig.LoadBalancer("web", "192.0.2.1"), ProxyRig.Slice("web", "1", ProxyRig.On("n1", "10.0.0.1")), s_one);

        Assert.Equal("LoadBalancer 192.0.2.1:80", _rig.Listens());
        Assert.Equal("192.168.0.1:30080 192.168.0.2:30080", _rig.Behind(ListenKind.LoadBalancer));
        Assert.Equal("", _rig.Problems());
    }

    [Fact]
    public void A_node_is_there_once_by_the_first_family_that_it_has()
    {
        _rig.Put(s_one, s_two, ProxyRig.Node("n3", "", "fd00::3"), ProxyRig.Node("n4"));
        _rig.Put(ProxyRig.LoadBalancer("web", "192.0.2.1") with { IPFamilies = ["IPv4", "IPv6"] });
        Assert.Equal("192.168.0.1:30080 192.168.0.2:30080 [fd00::3]:30080", _rig.Eligible());

        _rig.Put(ProxyRig.LoadBalancer("web", "2001:db8::1") with { IPFamilies = ["IPv6"] });
        Assert.Equal("[fd00::1]:30080 [fd00::2]:30080 [fd00::3]:30080", _rig.Eligible());
    }

    [Fact]
    public void Nodes_come_and_go_and_some_take_no_load()
    {
        _rig.Put(ProxyRig.LoadBalancer("web", "192.0.2.1"), s_one, s_two);
        Assert.Equal("192.168.0.1:30080 192.168.0.2:30080", _rig.Eligible());

        Assert.Equal("192.168.0.2:30080", _rig.Put(s_one.Labelled(Node.ExcludeLabel, "")).Eligible());
        Assert.Equal("192.168.0.1:30080 192.168.0.2:30080", _rig.Put(s_one.Labelled(Node.ExcludeLabel, "false")).Eligible());
        Assert.Equal("192.168.0.1:30080", _rig.Put(s_two with { Taints = [Node.ToBeDeletedTaint] }).Eligible());
        Assert.Equal("", _rig.Delete(s_one).Eligible());
    }

    [Fact]
    public void A_change_of_nodes_that_means_nothing_is_no_new_plan()
    {
        var before = _rig.Put(ProxyRig.LoadBalancer("web", "192.0.2.1"), s_one).Plan();

        Assert.Same(before, _rig.Put(s_one with { IsNetworkUnavailable = true, IsUnschedulable = true }).Plan());
    }

    [Fact]
    public void With_the_policy_Cluster_kube_proxy_is_asked()
    {
        _rig.Put(s_one, ProxyRig.LoadBalancer("web", "192.0.2.1"));

        var health = _rig.Specs()[0].Health;
        Assert.Equal((ProbeKind.Http, 10256, "/healthz"), (health.Probe!.Kind, health.Probe.Port, health.Probe.Path));
        Assert.Equal([new(200, 200)], health.Probe.Statuses);
        Assert.Equal(WhenAllDown.Panic, health.WhenAllDown);
        Assert.NotNull(health.Outlier);
    }

    [Fact]
    public void With_the_policy_Local_the_Services_own_port_is_asked_and_its_no_is_believed()
    {
        _rig.Put(s_one, ProxyRig.LoadBalancer("web", "192.0.2.1") with { ExternalTrafficPolicy = "Local", HealthCheckNodePort = 32001 });

        var spec = _rig.Specs()[0];
        Assert.Equal((ProbeKind.Http, 32001, "/healthz"), (spec.Health.Probe!.Kind, spec.Health.Probe.Port, spec.Health.Probe.Path));
        Assert.Equal(WhenAllDown.Refuse, spec.Health.WhenAllDown);
        Assert.Equal("192.168.0.1:30080", _rig.Behind(ListenKind.LoadBalancer));
        Assert.Equal("", _rig.Problems());
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("tcp", ProbeKind.Tcp)]
    public void The_Services_own_word_goes_first(string annotation, ProbeKind? kind)
    {
        _rig.Put(s_one, ProxyRig.LoadBalancer("web", "192.0.2.1").Annotated("l4lb.io/health-check", annotation));

        Assert.Equal(kind, _rig.Specs()[0].Health.Probe?.Kind);
    }

    [Fact]
    public void What_to_do_when_all_are_down_is_the_Services_to_say()
    {
        _rig.Put(s_one, (ProxyRig.LoadBalancer("web", "192.0.2.1") with { ExternalTrafficPolicy = "Local", HealthCheckNodePort = 32001 })
            .Annotated("l4lb.io/when-all-down", "panic"));

        Assert.Equal(WhenAllDown.Panic, _rig.Specs()[0].Health.WhenAllDown);
    }

    [Fact]
    public void A_Service_without_node_ports_says_so()
    {
        _rig.Put(s_one, ProxyRig.LoadBalancer("web", "192.0.2.1") with { Ports = [Make.Port(80)], AllocateLoadBalancerNodePorts = false });

        Assert.Equal("", _rig.Behind(ListenKind.LoadBalancer));
        Assert.Equal(
            "Service default/web: warning: spec.ports[0].nodePort: nobody to forward to: the port has no node port, and backends are the nodes "
            + "(--backends nodes); spec.allocateLoadBalancerNodePorts is false",
            _rig.Problems());
    }

    [Fact]
    public void A_node_has_the_weight_that_the_Service_gives_it()
    {
        _rig.Put(s_one, s_two, ProxyRig.LoadBalancer("web", "192.0.2.1").Annotated("l4lb.io/weights", "192.168.0.2=3"));

        Assert.Equal([1, 3], _rig.Specs()[0].Backends.Select(static b => b.Weight));
    }
}
