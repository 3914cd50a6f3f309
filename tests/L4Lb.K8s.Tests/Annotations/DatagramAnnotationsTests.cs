using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;
using static L4Lb.K8s.Tests.Annotations.Annotated;

namespace L4Lb.K8s.Tests.Annotations;

public class DatagramAnnotationsTests
{
    private static readonly Service s_dns = Web with { Ports = [Make.Port(53, protocol: "UDP")] };

    [Fact]
    public void Every_word_arrives() => Assert.Equal(
        new DatagramSpec
        {
            Requests = 3,
            Responses = 2,
            Resend = false,
            WhenFull = FlowsFull.Refuse,
            MaxBytes = 1232,
            ProxyHeader = ProxyHeaderOn.Each,
        },
        Parse("requests=3,responses=2,resend=off,when-full=refuse,max-bytes=1232,proxy-header=each"));

    [Fact]
    public void In_any_order_with_spaces() => Assert.Equal(
        new DatagramSpec { Requests = 1, Responses = 0 }, Parse(" proxy-header=first , responses = 0,resend=on,when-full=shed,requests=1 "));

    [Fact]
    public void What_is_not_said_is_the_default()
    {
        Assert.Equal(DatagramSpec.Default, ServiceAnnotations.None.Datagrams);
        Assert.Equal(DatagramSpec.Default with { MaxBytes = 512 }, Parse("max-bytes=512"));
        Assert.Null(Parse("requests=1").Responses);
    }

    [Fact]
    public void Without_flows_only_the_size_is_left_to_say() => Assert.Equal(
        new DatagramSpec { Mode = DatagramMode.Datagram, MaxBytes = 2048 }, Parse("max-bytes=2048,per-datagram", version: null));

    [Theory]
    [InlineData("", "\"\" is not known here; expected per-datagram, requests=, responses=, resend=, when-full=, max-bytes=, proxy-header=")]
    [InlineData("request=1", "\"request\" is not known here; expected per-datagram, requests=")]
    [InlineData("requests", "\"requests=\": expected a number of at least 0")]
    [InlineData("requests=-1", "\"requests=-1\": expected a number of at least 0")]
    [InlineData("responses=one", "\"responses=one\": expected a number of at least 0")]
    [InlineData("responses=1,responses=2", "\"responses\" is there twice")]
    [InlineData("resend=no", "\"resend=no\": expected on or off")]
    [InlineData("when-full=drop", "\"when-full=drop\": expected shed or refuse")]
    [InlineData("max-bytes=0", "expected a number from 1 to 65507")]
    [InlineData("max-bytes=65508", "expected a number from 1 to 65507")]
    [InlineData("proxy-header=last", "expected first or each")]
    [InlineData("per-datagram=yes", "\"per-datagram=yes\": per-datagram stands alone")]
    [InlineData("per-datagram,per-datagram", "\"per-datagram\" is there twice")]
    [InlineData("per-datagram,requests=1", "requests= is about flows, and with per-datagram there are none: leave out one of them")]
    [InlineData("responses=0,per-datagram", "responses= is about flows")]
    [InlineData("when-full=shed,per-datagram", "when-full= is about flows")]
    [InlineData("per-datagram,resend=off", "resend= is about flows")]
    [InlineData("per-datagram,proxy-header=each", "proxy-header= is about flows")]
    public void Refuses_a_bad_value_at_its_place(string value, string expected) =>
        Assert.Contains(expected, Problem("l4lb.io/udp", value), StringComparison.Ordinal);

    [Fact]
    public void Only_version_2_is_for_datagrams_and_only_towards_backends()
    {
        var read = ServiceAnnotations.None with
        {
            ProxyProtocol = new() { Send = ProxyProtocolVersion.V2, Accept = true, TrustedSources = [new(System.Net.IPAddress.Loopback, 32)] },
        };

        Assert.Equal(read.ProxyProtocol, read.ProxyProtocolFor(TransportProtocol.Tcp));
        Assert.Equal(
            ProxyProtocolSpec.None with { Send = ProxyProtocolVersion.V2 }, read.ProxyProtocolFor(TransportProtocol.Udp));
        Assert.Equal(ProxyProtocolSpec.None, read.ProxyProtocolFor(TransportProtocol.Sctp));
        var scattered = read with { Datagrams = new() { Mode = DatagramMode.Datagram } };
        Assert.Equal(ProxyProtocolVersion.V2, scattered.ProxyProtocolFor(TransportProtocol.Udp).Send);
        var first = read with { ProxyProtocol = new() { Send = ProxyProtocolVersion.V1 } };
        Assert.Equal(ProxyProtocolSpec.None, first.ProxyProtocolFor(TransportProtocol.Udp));
    }

    private static DatagramSpec Parse(string value, string? version = "v2")
    {
        var diagnostics = new List<L4Lb.K8s.Diagnostics.Diagnostic>();
        var service = s_dns.Annotated("l4lb.io/udp", value);
        service = version is null ? service : service.Annotated("l4lb.io/proxy-protocol", version);
        var read = ServiceAnnotations.Parse(service, AnnotationOptions.Default, diagnostics);
        Assert.Empty(diagnostics);
        return read.Datagrams;
    }
}
