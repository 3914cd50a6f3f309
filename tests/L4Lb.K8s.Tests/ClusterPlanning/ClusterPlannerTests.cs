using L4Lb.Engine.Desired;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.ClusterPlanning;

public class ClusterPlannerTests
{
    private readonly ProxyRig _rig = new();

    [Fact]
    public void A_change_of_one_Service_leaves_all_others_as_they_are_by_reference()
    {
        Objects.Service At(string name, int last) => ProxyRig.Service(name).ClusterIP($"10.96.0.{last}");
        var before = _rig.Put(At("a", 1), At("b", 2), At("c", 3)).Plan();
        var after = _rig.Put(ProxyRig.Slice("b", "1", ProxyRig.On("here", "10.0.0.1"))).Plan();

        Assert.Equal(["a", "b", "c"], after.Desired.Services.Select(static s => s.Key.Name));
        Assert.Same(before.Desired.Services[0], after.Desired.Services[0]);
        Assert.NotSame(before.Desired.Services[1], after.Desired.Services[1]);
        Assert.Same(before.Desired.Services[2], after.Desired.Services[2]);
        Assert.Equal(before.Desired.Revision + 1, after.Desired.Revision);
    }

    [Fact]
    public void The_order_is_that_of_names_in_whatever_order_they_came()
    {
        _rig.Put(ProxyRig.Service("c").ClusterIP("10.96.0.3"), ProxyRig.Service("a")).Plan();
        _rig.Put(ProxyRig.Service("b").ClusterIP("10.96.0.2")).Delete(ProxyRig.Service("a")).Plan();
        _rig.Put(ProxyRig.Service("d").ClusterIP("10.96.0.4"));

        Assert.Equal(["b", "c", "d"], _rig.Plan().Desired.Services.Select(static s => s.Key.Name));
    }

    [Fact]
    public void What_changes_nothing_is_no_new_plan()
    {
        var slice = ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1"));
        var before = _rig.Put(ProxyRig.Service("web"), slice, ProxyRig.Node("here", "a")).Plan();

        Assert.Same(before, _rig.Plan());
        Assert.Same(before, _rig.Put(ProxyRig.Service("web"), slice with { Metadata = slice.Metadata with { ResourceVersion = "9" } }).Plan());
        Assert.Same(before, _rig.Put(ProxyRig.Node("here", "a", "192.168.0.1"), ProxyRig.Node("there", "b")).Plan());
        Assert.Same(before, _rig.Put(ProxyRig.Slice("nobody", "1", ProxyRig.On("here", "10.0.0.9"))).Plan());
        Assert.Same(before, _rig.Put(slice with { Endpoints = [slice.Endpoints[0] with { TargetRef = "Pod/web-0" }] }).Plan());
    }

    [Fact]
    public void Slices_are_merged_and_an_address_is_there_once_the_local_one_winning()
    {
        _rig.Put(
            ProxyRig.Service("web") with { InternalTrafficPolicy = "Local" },
            ProxyRig.Slice("web", "1", ProxyRig.On("there", "10.0.0.1"), ProxyRig.On("here", "10.0.0.2")),
            ProxyRig.Slice("web", "2", ProxyRig.On("here", "10.0.0.1"), ProxyRig.On("there", "10.0.0.3")));

        Assert.Equal("10.0.0.1:8080 10.0.0.2:8080", _rig.Eligible(BackendScope.Local));
        Assert.Equal(3, _rig.Specs()[0].Backends.Count);
        Assert.Equal("10.0.0.2:8080", _rig.Delete(ProxyRig.Slice("web", "2")).Eligible(BackendScope.Local));
    }

    [Fact]
    public void A_slice_that_goes_to_another_Service_leaves_the_first()
    {
        var slice = ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1"));
        _rig.Put(ProxyRig.Service("web"), ProxyRig.Service("other").ClusterIP("10.96.0.2"), slice);
        Assert.Equal("10.0.0.1:8080", _rig.Eligible());

        _rig.Put(slice.Labelled(EndpointSlice.ServiceNameLabel, "other"));
        Assert.Equal("", _rig.Eligible());
        Assert.Equal("10.0.0.1:8080", _rig.Eligible(service: "other"));

        _rig.Put(slice.Labelled(EndpointSlice.ServiceNameLabel, ""));
        Assert.Equal("", _rig.Eligible(service: "other"));
    }

    [Fact]
    public void Endpoints_may_come_before_their_Service_and_stay_after_it()
    {
        _rig.Put(ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1"))).Plan();
        Assert.Equal("10.0.0.1:8080", _rig.Put(ProxyRig.Service("web")).Eligible());
        Assert.Empty(_rig.Delete(ProxyRig.Service("web")).Specs());
        Assert.Equal("10.0.0.1:8080", _rig.Put(ProxyRig.Service("web")).Eligible());
    }

    [Fact]
    public void Endpoints_objects_are_used_where_there_are_no_slices()
    {
        var endpoints = new Endpoints
        {
            Metadata = new() { Name = "web" },
            Subsets = [new() { Addresses = [new("10.0.0.1", null, "here", null)], NotReadyAddresses = [new("10.0.0.2", null, null, null)], Ports = [new(null, "TCP", 8080, null)] }],
        };
        _rig.Put(ProxyRig.Service("web"), endpoints);

        Assert.Equal("10.0.0.1:8080", _rig.Eligible());
        Assert.Equal("", _rig.Delete(endpoints).Eligible());
    }

    [Fact]
    public void PublishNotReadyAddresses_is_the_controllers_business_and_a_ready_endpoint_is_used_though_it_terminates()
    {
        _rig.Put(
            ProxyRig.Service("web") with { PublishNotReadyAddresses = true },
            ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1", ready: true, serving: false, terminating: true), ProxyRig.On("here", "10.0.0.2", ready: false)));

        Assert.Equal("10.0.0.1:8080", _rig.Eligible());
    }

    [Theory]
    [InlineData(ServeKinds.LoadBalancer, "LoadBalancer 192.0.2.1:80")]
    [InlineData(ServeKinds.ClusterIP, "ClusterIP 10.96.0.1:80")]
    [InlineData(ServeKinds.NodePort, "NodePort 0.0.0.0:30080")]
    [InlineData(ServeKinds.ExternalIPs, "ExternalIP 198.51.100.1:80")]
    [InlineData(ServeKinds.All, "ClusterIP 10.96.0.1:80, LoadBalancer 192.0.2.1:80, ExternalIP 198.51.100.1:80, NodePort 0.0.0.0:30080")]
    public void Only_the_kinds_that_were_asked_for_are_served(ServeKinds serve, string listens)
    {
        var service = ProxyRig.LoadBalancer("web", "192.0.2.1") with { ExternalIPs = ["198.51.100.1"] };
        var rig = new ProxyRig(ProxyRig.Full with { Serve = serve }).Put(service, ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));

        Assert.Equal(listens, rig.Listens());
        Assert.Equal("10.0.0.1:8080", rig.Eligible());
    }

    [Fact]
    public void By_default_it_leaves_all_but_load_balancer_addresses_to_another_proxy()
    {
        var rig = new ProxyRig(new()).Put(ProxyRig.LoadBalancer("web", "192.0.2.1"), ProxyRig.Service("plain").ClusterIP("10.96.0.2"));

        Assert.Equal("LoadBalancer 192.0.2.1:80", rig.Listens());
        Assert.Empty(rig.Specs("plain"));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("l4lb.io/l4lb", true)]
    [InlineData("example.com/other", false)]
    public void Addresses_of_another_class_are_not_ours(string? @class, bool ours)
    {
        _rig.Put(ProxyRig.LoadBalancer("web", "192.0.2.1") with { LoadBalancerClass = @class });

        Assert.Equal(
            ours ? "ClusterIP 10.96.0.1:80, LoadBalancer 192.0.2.1:80, NodePort 0.0.0.0:30080" : "ClusterIP 10.96.0.1:80, NodePort 0.0.0.0:30080",
            _rig.Listens());
    }

    [Fact]
    public void The_class_is_as_configured()
    {
        var rig = new ProxyRig(new() { LoadBalancerClass = "example.com/mine" });
        rig.Put(ProxyRig.LoadBalancer("web", "192.0.2.1") with { LoadBalancerClass = "example.com/mine" });

        Assert.Equal("LoadBalancer 192.0.2.1:80", rig.Listens());
        Assert.Empty(rig.Put(ProxyRig.LoadBalancer("web", "192.0.2.1") with { LoadBalancerClass = ProxyOptions.DefaultLoadBalancerClass }).Specs());
    }

    [Fact]
    public void TestLoadBalancerIngressRouteTypeProxy()
    {
        _rig.Put(ProxyRig.LoadBalancer("web") with
        {
            Ingress = [new("192.0.2.1", "", "Proxy"), new("", "lb.example.com", null), new("192.0.2.2", "", "VIP"), new("2001:db8::1", "", "VIP")],
        });

        Assert.Contains("LoadBalancer 192.0.2.1:80, LoadBalancer 192.0.2.2:80, NodePort", _rig.Listens());
        Assert.Contains("2001:db8::1 is not listened on: spec.ipFamilies is IPv4", _rig.Problems());
    }

    [Fact]
    public void An_address_of_the_time_before_the_type_changed_is_not_listened_on()
    {
        _rig.Put(ProxyRig.LoadBalancer("web", "192.0.2.1") with { Type = "NodePort", ExternalTrafficPolicy = "" });

        Assert.Equal("ClusterIP 10.96.0.1:80, NodePort 0.0.0.0:30080", _rig.Listens());
    }

    [Fact]
    public void Should_implement_service_proxy_name()
    {
        var plain = ProxyRig.Service("web");
        var foreign = plain.Labelled("service.kubernetes.io/service-proxy-name", "other");
        Assert.Single(_rig.Put(plain).Specs());
        Assert.Empty(_rig.Put(foreign).Specs());
        Assert.Single(_rig.Put(plain).Specs());

        var other = new ProxyRig(ProxyRig.Full with { ServiceProxyName = "other" });
        Assert.Empty(other.Put(plain).Specs());
        Assert.Single(other.Put(foreign).Specs());
        Assert.Equal("", other.Problems());
    }

    [Fact]
    public void Should_implement_headless()
    {
        var plain = ProxyRig.Service("web");
        Assert.Single(_rig.Put(plain).Specs());
        Assert.Empty(_rig.Put(plain.Labelled("service.kubernetes.io/headless", "")).Specs());
        Assert.Single(_rig.Put(plain).Specs());

        var other = new ProxyRig(ProxyRig.Full with { ServiceProxyName = "other" });
        Assert.Empty(other.Put(plain.Labelled("service.kubernetes.io/headless", "").Labelled("service.kubernetes.io/service-proxy-name", "other")).Specs());
    }

    [Theory]
    [InlineData("ClusterIP", "None")]
    [InlineData("ClusterIP", "")]
    [InlineData("ExternalName", "10.96.0.1")]
    [InlineData("ExternalName", "")]
    public void TestBuildServiceMapServiceHeadless_and_ExternalName(string type, string clusterIP)
    {
        _rig.Put(ProxyRig.Service("web", type) with { ClusterIP = clusterIP, ClusterIPs = clusterIP.Length > 0 ? [clusterIP] : [] });

        Assert.Empty(_rig.Specs());
        Assert.Equal("", _rig.Problems());
    }

    [Fact]
    public void Ports_come_and_go_and_keep_their_identity_by_name()
    {
        Objects.Service With(params ServicePort[] ports) => ProxyRig.Service("web") with { Ports = [.. ports] };
        _rig.Put(With(Make.Port(80, name: "http")));
        Assert.Equal("ClusterIP 10.96.0.1:80", _rig.Listens());

        _rig.Put(With(Make.Port(80, name: "http"), Make.Port(53, name: "dns", protocol: "UDP")));
        Assert.Equal("ClusterIP 10.96.0.1:80, ClusterIP 10.96.0.1:53", _rig.Listens());
        Assert.Equal([TransportProtocol.Tcp, TransportProtocol.Udp], _rig.Specs().Select(static s => s.Protocol));

        _rig.Put(With(Make.Port(81, name: "http")));
        Assert.Equal("ClusterIP 10.96.0.1:81", _rig.Listens());
        Assert.Equal(new ServiceKey("default", "web", "http"), _rig.Specs()[0].Key);
    }

    [Fact]
    public void A_slice_of_another_family_is_not_used()
    {
        _rig.Put(ProxyRig.Service("web"), Make.Slice("web", "fd00::1"), ProxyRig.Slice("web", "2", ProxyRig.On("here", "10.0.0.1")));

        Assert.Equal("10.0.0.1:8080", _rig.Eligible());
        Assert.Contains("EndpointSlice default/web-1: warning: addressType: the IPv6 endpoints are not used", _rig.Problems());
    }

    [Fact]
    public void A_slice_of_names_is_not_used()
    {
        _rig.Put(ProxyRig.Service("web"), Make.Slice("web", "db.example.com") with { AddressType = "FQDN" });

        Assert.Equal("", _rig.Eligible());
        Assert.Equal("EndpointSlice default/web-1: warning: addressType: not used: no proxy of a cluster looks names up", _rig.Problems());
    }

    [Fact]
    public void A_Service_of_an_old_API_server_has_the_families_of_its_addresses()
    {
        _rig.Put(
            ProxyRig.Service("web") with { ClusterIP = "fd00::1", ClusterIPs = [], IPFamilies = [] },
            Make.Slice("web", "fd00::2"));

        Assert.Equal("ClusterIP [fd00::1]:80", _rig.Listens());
        Assert.Equal("[fd00::2]:8080", _rig.Eligible());
    }

    [Fact]
    public void Without_endpoints_there_is_nothing_to_tell_anybody()
    {
        _rig.Put(ProxyRig.Service("web"), ProxyRig.Slice("web", "1") with { Ports = [] });
        Assert.Equal("", _rig.Problems());
    }

    [Fact]
    public void What_the_control_plane_gave_out_is_never_lost_to_an_external_IP()
    {
        var thief = ProxyRig.Service("a").ClusterIP("10.96.0.9") with { ExternalIPs = ["10.96.0.1", "192.0.2.1", "198.51.100.1"] };
        _rig.Put(thief, ProxyRig.LoadBalancer("web", "192.0.2.1"));

        Assert.Equal("ClusterIP 10.96.0.9:80, ExternalIP 198.51.100.1:80", _rig.Listens("a"));
        Assert.Equal("ClusterIP 10.96.0.1:80, LoadBalancer 192.0.2.1:80, NodePort 0.0.0.0:30080", _rig.Listens());
        Assert.Equal(
            "Service default/a: warning: spec.externalIPs: 10.96.0.1:80 is not listened on for this Service: default/web:80/tcp has it\n"
            + "Service default/a: warning: spec.externalIPs: 192.0.2.1:80 is not listened on for this Service: default/web:80/tcp has it",
            _rig.Problems("a"));

        _rig.Delete(ProxyRig.Service("web"));
        Assert.Equal("ClusterIP 10.96.0.9:80, ExternalIP 10.96.0.1:80, ExternalIP 192.0.2.1:80, ExternalIP 198.51.100.1:80", _rig.Listens("a"));
        Assert.Equal("", _rig.Problems("a"));
    }

    [Fact]
    public void An_address_may_be_shared_over_ports_and_protocols()
    {
        var tcp = ProxyRig.LoadBalancer("tcp", "192.0.2.1").ClusterIP("10.96.0.2") with { Ports = [Make.Port(53)] };
        var udp = ProxyRig.LoadBalancer("udp", "192.0.2.1").ClusterIP("10.96.0.3") with { Ports = [Make.Port(53, protocol: "UDP")] };
        _rig.Put(tcp, udp, ProxyRig.LoadBalancer("web", "192.0.2.1"));

        Assert.Contains("LoadBalancer 192.0.2.1:53", _rig.Listens("tcp"));
        Assert.Contains("LoadBalancer 192.0.2.1:53", _rig.Listens("udp"));
        Assert.Contains("LoadBalancer 192.0.2.1:80", _rig.Listens());
        Assert.Empty(_rig.Plan().Problems);
    }
}
