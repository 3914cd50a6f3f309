using System.Net;
using L4Lb.K8s.Allocation;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Allocation;

public class ServiceAllocatorTests
{
    [Fact]
    public void Who_asks_is_served_before_who_takes_anything()
    {
        // 10.0.0.0/29 has six addresses, one of them the cluster's own: somebody must miss 10.0.0.4.
        for (var seed = 0; seed < 20; seed++)
        {
            var result = Allocate(
                [Make.Service("a"), Make.Service("b"), Make.Service("c"), Make.Service("z").ClusterIP("10.0.0.4")],
                cidr: "10.0.0.0/29", seed: seed);

            Assert.All(result.Problems, Assert.Empty);
            Assert.Equal("10.0.0.4", result.Services[3].ClusterIP);
            Assert.Equal(4, result.Services.Select(static s => s.ClusterIP).Distinct().Count());
        }
    }

    [Fact]
    public void Who_asks_is_served_before_who_was_there()
    {
        var first = Allocate([Make.Service("a")]);
        var address = first.Services[0].ClusterIP;

        var second = Allocate([Make.Service("a"), Make.Service("b").ClusterIP(address)], first.Book);

        Assert.All(second.Problems, Assert.Empty);
        Assert.Equal(address, second.Services[1].ClusterIP);
        Assert.NotEqual(address, second.Services[0].ClusterIP);
    }

    [Fact]
    public void The_address_asked_for_twice_is_refused_in_the_words_of_the_API()
    {
        var result = Allocate([Make.Service("a").ClusterIP("10.96.0.9"), Make.Service("b").ClusterIP("10.96.0.9")]);

        Assert.Empty(result.Problems[0]);
        Assert.Equal(
            "spec.clusterIPs: Invalid value: [\"10.96.0.9\"]: failed to allocate IP 10.96.0.9: provided IP is already allocated",
            Assert.Single(result.Problems[1]).ToString());
    }

    [Fact]
    public void An_address_outside_of_the_range_is_refused_in_the_words_of_the_API() => Assert.Equal(
        "spec.clusterIPs: Invalid value: [\"10.0.171.239\"]: failed to allocate IP 10.0.171.239: the provided IP (10.0.171.239) is not in the valid range. The range of valid IPs is 10.96.0.0/16 (--service-cidr)",
        Assert.Single(Allocate([Make.Service("a").ClusterIP("10.0.171.239")]).Problems[0]).ToString());

    [Fact]
    public void The_first_address_is_kept_for_the_API_itself()
    {
        Assert.Contains("already allocated", Assert.Single(Allocate([Make.Service("a").ClusterIP("10.96.0.1")]).Problems[0]).Message);
        Assert.Equal("10.96.0.1", Allocate([Make.Service("kubernetes")]).Services[0].ClusterIP);
        Assert.Equal("10.96.0.1", Allocate([Make.Service("kubernetes").ClusterIP("10.96.0.1")]).Services[0].ClusterIP);
        Assert.Equal("10.96.0.7", Allocate([Make.Service("kubernetes").ClusterIP("10.96.0.7")]).Services[0].ClusterIP);
    }

    [Fact]
    public void A_full_range_is_said()
    {
        var result = Allocate([Make.Service("a"), Make.Service("b")], cidr: "10.0.0.0/30");

        Assert.Empty(result.Problems[0]);
        Assert.Equal(
            "spec.clusterIPs: Internal error occurred: failed to allocate a serviceIP: range is full",
            Assert.Single(result.Problems[1]).ToString());
    }

    [Fact]
    public void Both_families_are_given()
    {
        var service = Allocate([Make.Service("a") with { IPFamilyPolicy = "PreferDualStack" }], cidr: "10.96.0.0/16,fd00::/64").Services[0];

        Assert.Equal(["IPv4", "IPv6"], service.IPFamilies);
        Assert.Equal(service.ClusterIP, service.ClusterIPs[0]);
        Assert.True(IPNetwork.Parse("fd00::/112").Contains(IPAddress.Parse(service.ClusterIPs[1])));
    }

    [Fact]
    public void Ports_with_one_number_share_one_NodePort()
    {
        var service = Allocate([Make.Service("dns", "NodePort") with
        {
            Ports =
            [
                Make.Port(53, name: "tcp"), Make.Port(53, name: "udp", protocol: "UDP"), Make.Port(9153, name: "metrics"),
                Make.Port(80, name: "a"), Make.Port(80, name: "b", protocol: "UDP", nodePort: 30080),
            ],
        }]).Services[0];

        Assert.Equal(service.Ports[0].NodePort, service.Ports[1].NodePort);
        Assert.NotEqual(service.Ports[0].NodePort, service.Ports[2].NodePort);
        Assert.Equal(30080, service.Ports[3].NodePort);
        Assert.All(service.Ports, static p => Assert.InRange(p.NodePort, 30000, 32767));
    }

    [Theory]
    [InlineData(30080, "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated")]
    [InlineData(80, "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767 (--node-port-range)")]
    public void A_NodePort_that_cannot_be_had_is_refused_in_the_words_of_the_API(int port, string expected)
    {
        var result = Allocate([
            Make.Service("a", "NodePort") with { Ports = [Make.Port(80, nodePort: 30080)] },
            Make.Service("b", "NodePort") with { Ports = [Make.Port(80, nodePort: port)] },
        ]);

        Assert.Equal(expected, Assert.Single(result.Problems[1]).ToString());
    }

    [Fact]
    public void A_full_NodePort_range_is_said() => Assert.Equal(
        "spec.ports[0].nodePort: Internal error occurred: failed to allocate a nodePort: range is full",
        Assert.Single(Allocate([Make.Service("a", "NodePort"), Make.Service("b", "NodePort")], ports: (30000, 30000)).Problems[1]).ToString());

    [Fact]
    public void A_health_check_NodePort_comes_from_the_same_range()
    {
        var service = Make.Service("a", "LoadBalancer") with { ExternalTrafficPolicy = "Local" };
        var given = Allocate([service]).Services[0];
        Assert.InRange(given.HealthCheckNodePort, 30000, 32767);
        Assert.NotEqual(given.Ports[0].NodePort, given.HealthCheckNodePort);

        var refused = Allocate([
            Make.Service("0", "NodePort") with { Ports = [Make.Port(80, nodePort: 31000)] }, service with { HealthCheckNodePort = 31000 },
        ]);
        Assert.Equal(
            "spec.healthCheckNodePort: Internal error occurred: failed to allocate requested HealthCheck NodePort 31000: provided port is already allocated",
            Assert.Single(refused.Problems[1]).ToString());
        Assert.Equal(0, Allocate([Make.Service("a", "LoadBalancer")]).Services[0].HealthCheckNodePort);
    }

    [Fact]
    public void NodePorts_are_not_given_to_a_LoadBalancer_that_wants_none()
    {
        var service = Make.Service("a", "LoadBalancer") with { AllocateLoadBalancerNodePorts = false };
        Assert.Equal(0, Allocate([service]).Services[0].Ports[0].NodePort);

        var asking = service with { Ports = [Make.Port(80, nodePort: 30001)] };
        Assert.Equal(30001, Allocate([asking]).Services[0].Ports[0].NodePort);
    }

    [Fact]
    public void Everybody_keeps_what_they_had()
    {
        Service[] services = [Make.Service("a", "NodePort"), Make.Service("b", "LoadBalancer") with { ExternalTrafficPolicy = "Local" }];
        var first = Allocate(services, seed: 1);
        var second = Allocate([Make.Service("0"), .. services], first.Book, seed: 2);

        Assert.Equal(first.Services, second.Services.Skip(1));
    }

    [Fact]
    public void A_NodePort_follows_the_name_of_its_port()
    {
        var first = Allocate([Make.Service("a", "NodePort") with { Ports = [Make.Port(80, name: "http"), Make.Port(443, name: "https")] }]);
        var second = Allocate(
            [Make.Service("a", "NodePort") with { Ports = [Make.Port(444, name: "https"), Make.Port(80, name: "web")] }], first.Book, seed: 9);

        Assert.Equal(first.Services[0].Ports[1].NodePort, second.Services[0].Ports[0].NodePort);
    }

    [Fact]
    public void A_type_change_gives_back_what_the_new_type_does_not_have()
    {
        var first = Allocate([Make.Service("a", "NodePort")]);
        var clusterIP = Allocate([Make.Service("a")], first.Book);
        Assert.Equal(first.Services[0].ClusterIP, clusterIP.Services[0].ClusterIP);
        Assert.Empty(clusterIP.Book.Of("default/a").NodePorts);

        var name = Allocate([Make.Service("a", "ExternalName") with { ExternalName = "example.com" }], first.Book);
        Assert.Empty(name.Book.Services);
        Assert.Empty(Allocate([], first.Book).Book.Services);
    }

    [Fact]
    public void Headless_and_ExternalName_Services_are_given_nothing()
    {
        var result = Allocate([Make.Service("a").ClusterIP("None"), Make.Service("b", "ExternalName")]);

        Assert.Equal("None", result.Services[0].ClusterIP);
        Assert.Equal("", result.Services[1].ClusterIP);
        Assert.Empty(result.Book.Services);
    }

    private static AllocationResult Allocate(
        Service[] services, AllocationBook? book = null, string cidr = "10.96.0.0/16", int seed = 1, (int, int)? ports = null) =>
        ServiceAllocator.Allocate(
            services, book ?? AllocationBook.Empty, [.. cidr.Split(',').Select(IPNetwork.Parse)], ports ?? (30000, 32767), new Random(seed));
}
