using System.Collections.Immutable;
using System.Net;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;
using L4Lb.K8s.Tests.Annotations;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Pools;

public sealed class AddressRequestReaderTests
{
    private static readonly Service s_web = Make.Service("web", "LoadBalancer") with { IPFamilies = ["IPv4"] };

    [Theory]
    [InlineData("l4lb.io/")]
    [InlineData("metallb.io/")]
    [InlineData("metallb.universe.tf/")]
    public void Names_of_MetalLB_are_read_as_our_own(string prefix)
    {
        var ips = prefix == "l4lb.io/" ? "load-balancer-ips" : "loadBalancerIPs";
        var request = Read(s_web.Annotated(prefix + "address-pool", "public").Annotated(prefix + "allow-shared-ip", "k")
            .Annotated(prefix + ips, "192.0.2.1, 2001:db8::1"));

        Assert.Equal(("public", "k"), (request.Pool, request.SharingKey));
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], request.Wanted);
    }

    [Fact]
    public void Our_own_name_counts_where_two_say_different_things()
    {
        var service = s_web.Annotated("l4lb.io/address-pool", "ours").Annotated("metallb.io/address-pool", "theirs")
            .Annotated("metallb.universe.tf/address-pool", "ours");

        Assert.Equal("ours", Read(service).Pool);
        Assert.Equal(
            [
                "[metallb.io/address-pool]: has no effect: another annotation, whose name comes first, says otherwise",
                "[metallb.universe.tf/address-pool]: deprecated prefix; write metallb.io/address-pool",
            ],
            Annotated.Messages(service).Select(static m => m["warning: ".Length..]));
    }

    [Fact]
    public void The_field_and_the_annotation_ask_together()
    {
        var service = (s_web with { LoadBalancerIP = "192.0.2.1" }).Annotated("l4lb.io/load-balancer-ips", "2001:db8::1,192.0.2.1");
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], Read(service).Wanted);
    }

    [Fact]
    public void Other_annotations_do_not_stand_in_the_way()
    {
        Assert.Equal("a", Read(s_web.Annotated("l4lb.io/scheduler", "??").Annotated("l4lb.io/address-pool", "a")).Pool);
    }

    [Fact]
    public void What_cannot_be_understood_is_told()
    {
        Assert.Equal(
            new AddressProblem(
                PendingReason.InvalidAnnotation,
                "metadata.annotations[l4lb.io/load-balancer-ips]: Invalid value: \"x\": \"x\" is not an IP address; expected addresses, comma separated"),
            AddressRequestReader.Read(s_web.Annotated("l4lb.io/load-balancer-ips", "x"), ImmutableDictionary<string, string>.Empty).Problem);
        Assert.Equal(
            PendingReason.InvalidLoadBalancerIP,
            AddressRequestReader.Read(s_web with { LoadBalancerIP = "web" }, ImmutableDictionary<string, string>.Empty).Problem!.Reason);
    }

    [Theory]
    [InlineData("10.96.0.1", "IPv4")]
    [InlineData("fd00::1", "IPv6")]
    public void A_server_without_dual_stack_names_no_families(string clusterIP, string family) =>
        Assert.Equal([family], Read(s_web with { IPFamilies = [], ClusterIP = clusterIP }).Service.IPFamilies);

    private static AddressRequest Read(Service service)
    {
        var (request, problem) = AddressRequestReader.Read(service, ImmutableDictionary<string, string>.Empty);
        Assert.Null(problem);
        return request;
    }
}
