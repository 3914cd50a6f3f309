using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;
using static L4Lb.K8s.Tests.Annotations.Annotated;

namespace L4Lb.K8s.Tests.Annotations;

public class AnnotationConflictsTests
{
    private static readonly Service s_udp = Web with { Ports = [Make.Port(53, protocol: "UDP"), Make.Port(80)] };

    [Fact]
    public void A_backend_has_one_bound() => Assert.Equal(
        ["[l4lb.io/backend-thresholds]: says the same as l4lb.io/backend-max-sessions in another way: give one of them"],
        Messages(Web.Annotated("l4lb.io/backend-thresholds", "10").Annotated("l4lb.io/backend-max-sessions", "10")));

    [Theory]
    [InlineData("l4lb.io/max-sessions", "5")]
    [InlineData("l4lb.io/backend-max-sessions", "5")]
    [InlineData("l4lb.io/backend-thresholds", "5")]
    public void A_queue_needs_something_that_can_be_full(string name, string value)
    {
        var service = Web.Annotated("l4lb.io/queue", "5");

        Assert.StartsWith("warning: [l4lb.io/queue]: has no effect", Assert.Single(Messages(service)), StringComparison.Ordinal);
        Assert.Empty(Messages(service.Annotated(name, value)));
    }

    [Theory]
    [InlineData("l4lb.io/proxy-protocol-trusted", "10.0.0.0/8")]
    [InlineData("l4lb.io/proxy-protocol-timeout", "1s")]
    public void Who_is_trusted_matters_only_when_headers_are_read(string name, string value) => Assert.Equal(
        [$"warning: [{name}]: has no effect without l4lb.io/accept-proxy-protocol: \"true\""],
        Messages(Web.Annotated(name, value)));

    [Fact]
    public void Slow_start_needs_somebody_who_was_down()
    {
        var service = Web.Annotated("l4lb.io/slow-start", "30s");

        Assert.Empty(Messages(service));
        Assert.Equal(
            ["warning: [l4lb.io/slow-start]: has no effect: nothing finds out when a backend comes up"],
            Messages(service.Annotated("l4lb.io/outlier-detection", "none")));
    }

    [Theory]
    [InlineData("l4lb.io/accept-proxy-protocol", "true", "has no effect on the UDP port 53: headers are read from TCP connections")]
    [InlineData("l4lb.io/proxy-protocol", "v1", "has no effect on the UDP port 53: only v2 can describe datagrams")]
    [InlineData("l4lb.io/half-close-timeout", "1s", "has no effect on the UDP port 53: only TCP has two directions to close")]
    [InlineData("l4lb.io/health-check", "tcp", "asks by TCP at backends of the UDP port 53; say port= when they answer elsewhere")]
    [InlineData("l4lb.io/health-check", "udp:/", "asks by UDP at backends of the TCP port 80; say port= when they answer elsewhere")]
    public void What_an_other_protocol_ignores_is_said(string name, string value, string expected) =>
        Assert.Equal([$"warning: [{name}]: {expected}"], Messages(s_udp.Annotated(name, value)));

    [Theory]
    [InlineData("l4lb.io/health-check", "http:/ready,port=8080")]
    [InlineData("l4lb.io/outlier-detection", "default")]
    [InlineData("l4lb.io/accept-proxy-protocol", "false")]
    [InlineData("l4lb.io/proxy-protocol", "v2")]
    [InlineData("l4lb.io/udp", "requests=1,responses=1")]
    public void What_it_does_not_ignore_is_fine(string name, string value) =>
        Assert.Empty(Messages(s_udp.Annotated(name, value)));

    [Theory]
    [InlineData("l4lb.io/queue", "5", "datagrams do not wait")]
    [InlineData("l4lb.io/connect-timeout", "1s", "there is no connection to wait for")]
    [InlineData("l4lb.io/drain-timeout", "1s", "the flows of a removed backend end at once")]
    public void What_means_nothing_to_datagrams_is_said(string name, string value, string why) => Assert.Equal(
        [$"warning: [{name}]: has no effect on the UDP port 53: {why}"],
        Messages(s_udp.Annotated("l4lb.io/max-sessions", "5").Annotated(name, value)));

    [Theory]
    [InlineData("l4lb.io/proxy-protocol", "v1", "only v2 can describe datagrams")]
    [InlineData("l4lb.io/max-sessions", "5", "with per-datagram there are no flows")]
    [InlineData("l4lb.io/backend-max-sessions", "5", "with per-datagram there are no flows")]
    [InlineData("l4lb.io/backend-thresholds", "5", "with per-datagram there are no flows")]
    public void What_means_nothing_without_flows_is_said(string name, string value, string why) => Assert.Equal(
        [$"warning: [{name}]: has no effect on the UDP port 53: {why}"],
        Messages(s_udp.Annotated("l4lb.io/udp", "per-datagram").Annotated(name, value)));

    [Fact]
    public void What_a_flow_is_matters_only_to_udp() => Assert.Equal(
        ["warning: [l4lb.io/udp]: has no effect: the Service has no UDP port"], Messages(Web.Annotated("l4lb.io/udp", "requests=1")));

    [Theory]
    [InlineData(null)]
    [InlineData("v1")]
    public void Where_a_header_goes_matters_only_when_one_is_sent(string? version)
    {
        var service = s_udp.Annotated("l4lb.io/udp", "proxy-header=first");

        Assert.Contains(
            "warning: [l4lb.io/udp]: proxy-header= has no effect without l4lb.io/proxy-protocol: v2",
            Messages(version is null ? service : service.Annotated("l4lb.io/proxy-protocol", version)));
        Assert.Empty(Messages(service.Annotated("l4lb.io/proxy-protocol", "v2")));
    }

    [Fact]
    public void Nothing_of_it_is_for_sctp()
    {
        var service = Web with { Ports = [Make.Port(3868, protocol: "SCTP")] };

        Assert.Equal(
            ["warning: [l4lb.io/proxy-protocol]: has no effect on the SCTP port 3868: headers are sent by TCP and UDP"],
            Messages(service.Annotated("l4lb.io/proxy-protocol", "v2")));
    }
}
