using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;
using L4Lb.K8s.Tests.Pools;

namespace L4Lb.K8s.Tests.Standalone;

/// <summary>Pools without a cluster.</summary>
public sealed class LoadBalancerPoolTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"l4lb-{Guid.NewGuid():N}");
    private StandaloneControlPlane _plane = new(new() { Seed = 1 });

    [Fact]
    public void A_pool_gives_addresses_and_they_are_listened_on()
    {
        var plan = _plane.MakePlan([Web("b"), Web("a"), Make.Service("c"), PoolRig.Pool("p", "192.0.2.1-192.0.2.9")]);

        Assert.Equal("a=192.0.2.1 b=192.0.2.2 c=", Addresses(plan));
        Assert.Contains(plan.Desired.Services[0].Listens, static l => l.Address.ToString() == "192.0.2.1:80");
    }

    [Fact]
    public void Who_stays_without_is_told_why_as_in_a_cluster()
    {
        var pool = PoolRig.Pool("p", "192.0.2.1");
        var plan = _plane.MakePlan(
        [
            Web("a"), Web("b"), pool,
            Web("named").Annotated("l4lb.io/load-balancer-ips", "192.0.2.1"),
            Web("x").Annotated("l4lb.io/address-pool", "x"),
        ]);

        Assert.Equal("a= b= named=192.0.2.1 x=", Addresses(plan));
        Assert.Equal(
            [
                "a: no free IPv4 address in p; add addresses, or let Services share one",
                "b: no free IPv4 address in p; add addresses, or let Services share one",
                "x: there is no address pool x; there are p",
            ],
            Pending(plan));
        Assert.False(plan.HasErrors);
    }

    [Fact]
    public void Without_a_pool_what_would_help_is_said()
    {
        Assert.Equal(
            "a: there is no address pool yet; add an AddressPool, or write the annotation l4lb.io/load-balancer-ips: \"192.0.2.10\" (or spec.loadBalancerIP) to listen on an address",
            Assert.Single(Pending(_plane.MakePlan([Web("a")]))));
    }

    [Fact]
    public void An_address_that_is_in_no_pool_is_served_as_it_is_named()
    {
        var plan = _plane.MakePlan(
        [
            Web("a").Annotated("l4lb.io/load-balancer-ips", "203.0.113.1"),
            Web("b") with { Ingress = [new("203.0.113.2", "", "Proxy")] },
            PoolRig.Pool("p", "192.0.2.1"),
        ]);

        Assert.Equal("a=203.0.113.1 b=203.0.113.2", Addresses(plan));
        Assert.Empty(Pending(plan));
    }

    [Fact]
    public void What_a_Service_has_it_keeps_over_changes_and_restarts()
    {
        _plane = new(new() { StateDirectory = _directory });
        var pool = PoolRig.Pool("p", "192.0.2.1-192.0.2.3");
        Assert.Equal("m=192.0.2.1", Addresses(_plane.MakePlan([Web("m"), pool])));
        Assert.Equal("a=192.0.2.2 m=192.0.2.1", Addresses(_plane.MakePlan([Web("a"), Web("m"), pool])));

        _plane = new(new() { StateDirectory = _directory });
        var wants = Web("a0").Annotated("l4lb.io/load-balancer-ips", "192.0.2.1");
        var restarted = _plane.MakePlan([wants, Web("m"), pool, Web("a")]);
        Assert.Equal("a=192.0.2.2 a0= m=192.0.2.1", Addresses(restarted));
        Assert.StartsWith("a0: 192.0.2.1 belongs to default/m; to share it", Assert.Single(Pending(restarted)), StringComparison.Ordinal);

        // What is given back goes to whoever waits for it.
        Assert.Equal("a=192.0.2.2 a0=192.0.2.1", Addresses(_plane.MakePlan([wants, pool, Web("a")])));
    }

    [Fact]
    public void A_pool_that_comes_or_goes_changes_who_has_what()
    {
        Assert.Equal("a=", Addresses(_plane.MakePlan([Web("a")])));
        Assert.Equal("a=192.0.2.1", Addresses(_plane.MakePlan([Web("a"), PoolRig.Pool("p", "192.0.2.1")])));
        Assert.Equal("a=198.51.100.1", Addresses(_plane.MakePlan([Web("a"), PoolRig.Pool("p", "198.51.100.1")])));
        Assert.Equal("a=", Addresses(_plane.MakePlan([Web("a")])));
    }

    [Fact]
    public void Namespaces_are_selected_by_their_labels()
    {
        var pool = PoolRig.Pool("p", "192.0.2.1") with
        {
            Users = new() { NamespaceSelectors = [new() { Requirements = [new("tier", LabelOperator.In, ["gold"])] }] },
        };
        var byName = PoolRig.Pool("q", "198.51.100.1") with
        {
            Users = new() { NamespaceSelectors = [new() { Requirements = [new("kubernetes.io/metadata.name", LabelOperator.In, ["other"])] }] },
        };
        KubeObject[] objects = [Web("a"), Make.Service("b", "LoadBalancer", "other"), pool, byName];
        Assert.Equal("a= b=198.51.100.1", Addresses(_plane.MakePlan(objects)));

        var gold = new Namespace { Metadata = new() { Name = "default", Namespace = "" } }.Labelled("tier", "gold");
        Assert.Equal("a=192.0.2.1 b=198.51.100.1", Addresses(_plane.MakePlan([.. objects, gold])));
    }

    [Fact]
    public void Services_share_by_the_rules_of_a_cluster()
    {
        Service Shared(string name, int port) => (Web(name) with { Ports = [Make.Port(port)] }).Annotated("metallb.io/allow-shared-ip", "k");
        var plan = _plane.MakePlan([Shared("a", 80), Shared("b", 443), Shared("c", 80), PoolRig.Pool("p", "192.0.2.1")]);
        Assert.Equal("a=192.0.2.1 b=192.0.2.1 c=", Addresses(plan));
    }

    [Fact]
    public void Pools_that_overlap_refuse_the_plan()
    {
        var plan = _plane.MakePlan([PoolRig.Pool("a", "192.0.2.0/24"), PoolRig.Pool("b", "192.0.2.9")]);
        var error = Assert.Single(plan.Diagnostics);
        Assert.Equal(
            (Severity.Error, "spec.addresses", "192.0.2.9 overlaps 192.0.2.0-192.0.2.255 of the pool a: an address has one pool"),
            (error.Severity, error.Path, error.Message));
        Assert.False(_plane.MakePlan([PoolRig.Pool("a", "192.0.2.0/24")]).HasErrors);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static Service Web(string name) => Make.Service(name, "LoadBalancer") with
    {
        AllocateLoadBalancerNodePorts = false,
        Source = new SourceMap(name, 1, new Dictionary<string, int>(StringComparer.Ordinal)),
    };

    private static string Addresses(Plan plan) => string.Join(
        ' ', plan.Services.Select(static s => $"{s.Metadata.Name}={string.Join(',', s.Ingress.Select(static i => i.IP))}"));

    private static IEnumerable<string> Pending(Plan plan)
    {
        const string Start = "no load balancer address, so the Service is offered on its ClusterIP and NodePorts only: ";
        return plan.Diagnostics.Where(static d => d.Message.StartsWith(Start, StringComparison.Ordinal))
            .Select(static d => $"{d.File}: {d.Message[Start.Length..]}");
    }
}
