using L4Lb.K8s.Discovery;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Discovery;

public class DiscoveredServiceTests
{
    private static readonly Service s_headless = Make.Service("db").ClusterIP("None") with { Ports = [Make.Port(5432, name: "pg")] };

    [Fact]
    public void A_Service_with_an_address_needs_no_endpoints()
    {
        var found = Discover(Make.Service("web").ClusterIP("10.96.0.10"), Make.Slice("web", "10.0.0.1"));
        Assert.Equal("10.96.0.10", found.Service.ClusterIP);
        Assert.Empty(found.Endpoints);
    }

    [Fact]
    public void Those_of_a_slice_that_are_ready_serve()
    {
        var slice = Slice(
            new Endpoint { Addresses = ["10.0.0.1"], Hostname = "db-0" },
            new Endpoint { Addresses = ["10.0.0.2"], Ready = true },
            new Endpoint { Addresses = ["10.0.0.3"], Ready = false });
        Assert.Equal(["db-0 10.0.0.1 pg/TCP:15432", " 10.0.0.2 pg/TCP:15432"], Print(Discover(s_headless, slice)));
        Assert.Equal(3, Discover(s_headless with { PublishNotReadyAddresses = true }, slice).Endpoints.Count);
    }

    [Fact]
    public void An_address_in_two_slices_is_one_endpoint_with_the_ports_of_both()
    {
        var two = s_headless with { Ports = [Make.Port(5432, name: "pg"), Make.Port(80, name: "http")] };
        var first = Slice(new Endpoint { Addresses = ["10.0.0.1"] });
        var second = first with
        {
            Metadata = first.Metadata with { Name = "db-2" },
            Ports = [new("http", "TCP", 8080, null)],
            Endpoints = [new Endpoint { Addresses = ["10.0.0.1"], Hostname = "db-0" }],
        };
        Assert.Equal(["db-0 10.0.0.1 pg/TCP:15432,http/TCP:8080"], Print(Discover(two, first, second)));
    }

    [Fact]
    public void Those_of_an_Endpoints_object_serve()
    {
        var endpoints = new Endpoints
        {
            Metadata = new() { Name = "db" },
            Subsets =
            [
                new EndpointSubset
                {
                    Addresses = [new("10.0.0.1", "db-0", null, null)],
                    NotReadyAddresses = [new("10.0.0.2", null, null, null)],
                    Ports = [new("pg", "TCP", 15432, null)],
                },
            ],
        };
        Assert.Equal(["db-0 10.0.0.1 pg/TCP:15432"], Print(Discover(s_headless, endpoints)));
        Assert.Equal(2, Discover(s_headless with { PublishNotReadyAddresses = true }, endpoints).Endpoints.Count);
    }

    [Fact]
    public void Pods_have_their_own_names_under_the_Service_that_they_name()
    {
        var service = s_headless.Selecting("app", "db");
        var named = Make.Pod("db-0", "10.0.0.1", value: "db") with { Hostname = "db-0", Subdomain = "db" };
        var elsewhere = Make.Pod("db-1", "10.0.0.2", value: "db") with { Hostname = "db-1", Subdomain = "other" };
        var starting = Make.Pod("db-2", "10.0.0.3", value: "db") with { Ready = false };
        var ended = Make.Pod("db-3", "10.0.0.4", value: "db") with { Phase = "Succeeded" };
        Assert.Equal(["db-0 10.0.0.1 pg/TCP:5432", " 10.0.0.2 pg/TCP:5432"], Print(Discover(service, named, elsewhere, starting, ended)));
        Assert.Equal(3, Discover(service with { PublishNotReadyAddresses = true }, named, elsewhere, starting, ended).Endpoints.Count);
    }

    [Fact]
    public void A_changed_endpoint_is_seen_in_the_next_plan()
    {
        var plane = new StandaloneControlPlane(new() { Seed = 1 });
        var slice = Slice(new Endpoint { Addresses = ["10.0.0.1"] });
        Assert.Single(plane.MakePlan([s_headless, slice]).Discovered[0].Endpoints);
        var unready = slice with { Endpoints = [new Endpoint { Addresses = ["10.0.0.1"], Ready = false }] };
        Assert.Empty(plane.MakePlan([s_headless, unready]).Discovered[0].Endpoints);
    }

    private static DiscoveredService Discover(params KubeObject[] objects)
    {
        var plan = new StandaloneControlPlane(new() { Seed = 1 }).MakePlan(objects);
        Assert.False(plan.HasErrors, string.Join('\n', plan.Diagnostics));
        return Assert.Single(plan.Discovered);
    }

    private static EndpointSlice Slice(params Endpoint[] endpoints) =>
        Make.Slice("db") with { Ports = [new("pg", "TCP", 15432, null)], Endpoints = [.. endpoints] };

    private static string[] Print(DiscoveredService service) =>
    [
        .. service.Endpoints.Select(static e =>
            $"{e.Hostname} {e.Address} {string.Join(',', e.Ports.Select(static p => $"{p.Name}/{p.Protocol}:{p.Number}"))}"),
    ];
}
