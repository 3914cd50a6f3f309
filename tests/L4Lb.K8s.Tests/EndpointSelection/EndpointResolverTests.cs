using System.Net;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.EndpointSelection;

public class EndpointResolverTests
{
    private static readonly Service s_web = Make.Service("web") with { IPFamilies = ["IPv4"] };
    private readonly List<Diagnostic> _diagnostics = [];

    [Fact]
    public void Slices_are_merged_and_an_address_is_there_once()
    {
        var found = Resolve(s_web, new([Make.Slice("web", "10.0.0.1", "10.0.0.2"), Make.Slice("web", "10.0.0.2", "10.0.0.3")], null, []));

        Assert.Equal("10.0.0.1:8080 10.0.0.2:8080 10.0.0.3:8080", found);
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void Of_two_entries_for_an_address_the_local_one_wins()
    {
        EndpointSlice On(string node) => Make.Slice("web") with { AddressType = "IPv4", Endpoints = [new() { Addresses = ["10.0.0.1"], NodeName = node }] };
        var context = EndpointContext.None with { Node = new("here", null) };

        Assert.Equal("here", One(new([On("there"), On("here")], null, []), context).NodeName);
        Assert.Equal("here", One(new([On("here"), On("there")], null, []), context).NodeName);
    }

    [Theory]
    [InlineData(null, null, null, true, true, false)]
    [InlineData(false, null, null, false, false, false)]
    [InlineData(false, true, true, false, true, true)]
    [InlineData(true, null, true, true, true, true)]
    [InlineData(false, false, true, false, false, true)]
    public void Conditions_that_are_not_there_have_defaults(
        bool? ready, bool? serving, bool? terminating, bool isReady, bool isServing, bool isTerminating)
    {
        var slice = Make.Slice("web") with
        {
            AddressType = "IPv4",
            Endpoints = [new() { Addresses = ["10.0.0.1", "10.0.0.2"], Ready = ready, Serving = serving, Terminating = terminating }],
        };

        var endpoint = One(new([slice], null, []), EndpointContext.None);
        Assert.Equal((isReady, isServing, isTerminating), (endpoint.Ready, endpoint.Serving, endpoint.Terminating));
        Assert.Equal("10.0.0.1", endpoint.Address.Address.ToString());
    }

    [Fact]
    public void Ports_match_by_name_and_protocol()
    {
        var service = s_web with { Ports = [Make.Port(53, name: "dns"), Make.Port(53, name: "dns-udp", protocol: "UDP"), Make.Port(80, name: "web")] };
        var slice = Make.Slice("web", "10.0.0.1") with
        {
            Ports = [new("dns", "TCP", 5353, null), new("dns-udp", "UDP", 5354, null), new("web", "UDP", 80, null), new("dns", null, null, null)],
        };

        Assert.Equal("10.0.0.1:5353 | 10.0.0.1:5354 |", Resolve(service, new([slice], null, [])));
        Assert.Equal(
            "spec.ports[2]: no EndpointSlice of this Service has the port \"web\" (TCP); there is \"dns\" (TCP), \"dns-udp\" (UDP), \"web\" (UDP)",
            Message());
    }

    [Fact]
    public void A_slice_of_another_family_is_not_used()
    {
        Assert.Equal("", Resolve(s_web, new([Make.Slice("web", "fd00::1")], null, [])));
        Assert.Equal("addressType: the IPv6 endpoints are not used: Service default/web has spec.ipFamilies IPv4", Message());
    }

    [Fact]
    public void Names_stand_for_all_their_addresses_of_the_family()
    {
        var slice = Make.Slice("web", "db.example.com") with { AddressType = "FQDN" };
        var names = new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal)
        {
            ["db.example.com"] = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.2")],
        };

        Assert.Equal("10.0.0.1:8080 10.0.0.2:8080", Resolve(s_web, new([slice], null, []), EndpointContext.None with { Names = names }));
        Assert.Empty(_diagnostics);
        Assert.Equal("", Resolve(s_web, new([slice], null, [])));
        Assert.Contains("has no address yet", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_come_from_the_slice()
    {
        Assert.Equal(5, One(new([Make.Slice("web", "10.0.0.1").Annotated("l4lb.io/weights", "10.0.0.1=5")], null, []), EndpointContext.None).Weight);
        Resolve(s_web, new([Make.Slice("web", "10.0.0.1").Annotated("l4lb.io/weights", "five")], null, []));
        Assert.Equal(Severity.Error, Assert.Single(_diagnostics).Severity);
    }

    [Fact]
    public void Endpoints_are_asked_when_there_is_no_slice()
    {
        var endpoints = new Endpoints
        {
            Metadata = new() { Name = "web" },
            Subsets =
            [
                new()
                {
                    Addresses = [new("10.0.0.1", null, null, null), new("fd00::1", null, null, null)],
                    NotReadyAddresses = [new("10.0.0.2", null, null, null)],
                    Ports = [new(null, null, 8080, null)],
                },
                new() { Addresses = [new("10.0.0.1", null, null, null)], Ports = [new("", "TCP", 8081, null)] },
            ],
        };

        Assert.Equal("10.0.0.1:8080 10.0.0.2:8080! 10.0.0.1:8081", Resolve(s_web, new([], endpoints, [])));
        Assert.Equal("subsets: 1 address is not used: Service default/web has spec.ipFamilies IPv4", Message());
        Assert.Equal("10.0.0.9:8080", Resolve(s_web, new([Make.Slice("web", "10.0.0.9")], endpoints, [Make.Pod("a", "10.0.0.5")])));
    }

    [Theory]
    [InlineData("", null, false, "10.0.0.1:8080")]
    [InlineData("Running", null, false, "10.0.0.1:8080")]
    [InlineData("Running", true, false, "10.0.0.1:8080")]
    [InlineData("Running", false, false, "10.0.0.1:8080!")]
    [InlineData("Pending", null, false, "10.0.0.1:8080!")]
    [InlineData("Running", true, true, "10.0.0.1:8080t")]
    [InlineData("Running", false, true, "10.0.0.1:8080!x")]
    [InlineData("Succeeded", true, false, "")]
    [InlineData("Failed", null, false, "")]
    public void A_Pod_is_what_its_status_says(string phase, bool? ready, bool deleted, string expected)
    {
        var pod = Make.Pod("a", "10.0.0.1") with { Phase = phase, Ready = ready };
        pod = deleted ? pod with { Metadata = pod.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } } : pod;

        Assert.Equal(expected, Resolve(s_web, new([], null, [pod])));
        var published = expected.Length == 0 ? "" : deleted ? "10.0.0.1:8080" + (ready == true ? "rt" : "rx") : "10.0.0.1:8080";
        Assert.Equal(published, Resolve(s_web with { PublishNotReadyAddresses = true }, new([], null, [pod])));
    }

    [Fact]
    public void A_named_target_port_is_looked_up_in_each_Pod()
    {
        var service = s_web with { Ports = [Make.Port(80) with { TargetPort = new(0, "http") }] };
        var a = Make.Pod("a", "10.0.0.1") with { Ports = [new("http", "UDP", 1), new("http", "TCP", 8001)] };
        var b = Make.Pod("b", "10.0.0.2") with { Ports = [new("http", "", 8002)] };
        var c = Make.Pod("c", "10.0.0.3") with { Ports = [new("web", "TCP", 8003)] };

        Assert.Equal("10.0.0.1:8001 10.0.0.2:8002", Resolve(service, new([], null, [a, b, c])));
        Assert.Empty(_diagnostics);
        Assert.Equal("", Resolve(service, new([], null, [c])));
        Assert.Equal("spec.ports[0].targetPort: no selected Pod has a TCP port named \"http\"", Message());
    }

    [Fact]
    public void Pods_give_hints_as_the_traffic_distribution_asks()
    {
        var pod = Make.Pod("a", "10.0.0.1") with { NodeName = "n1" };
        var context = EndpointContext.None with { ZoneOfNode = static node => node == "n1" ? "z1" : null };
        ServiceEndpoint For(string? distribution) => Assert.Single(EndpointResolver.Resolve(
            s_web with { TrafficDistribution = distribution }, new([], null, [pod]), context, _diagnostics)[0]);

        Assert.Empty(For(null).ForZones);
        Assert.Equal(["z1"], For("PreferClose").ForZones);
        Assert.Equal(["z1"], For("PreferSameNode").ForZones);
        Assert.Equal(["n1"], For("PreferSameNode").ForNodes);
        Assert.Empty(For("PreferSameZone").ForNodes);
    }

    private ServiceEndpoint One(EndpointSources sources, EndpointContext context) =>
        Assert.Single(EndpointResolver.Resolve(s_web, sources, context, _diagnostics)[0]);

    private string Message()
    {
        var warning = Assert.Single(_diagnostics);
        Assert.Equal(Severity.Warning, warning.Severity);
        return $"{warning.Path}: {warning.Message}";
    }

    private string Resolve(Service service, EndpointSources sources, EndpointContext? context = null)
    {
        _diagnostics.Clear();
        var ports = EndpointResolver.Resolve(service, sources, context ?? EndpointContext.None, _diagnostics);
        return string.Join(" | ", ports.Select(static p => string.Join(' ', p.Select(Describe)))).TrimEnd();
    }

    private static string Describe(ServiceEndpoint endpoint) => endpoint.Address
        + (endpoint.Terminating
            ? (endpoint.Ready ? "r" : endpoint.Serving ? "" : "!") + (endpoint.Serving ? "t" : "x")
            : endpoint.Ready ? "" : "!");
}
