using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Tests.Standalone;
using static L4Lb.K8s.Tests.Annotations.Annotated;

namespace L4Lb.K8s.Tests.Annotations;

public class ProxyProtocolAnnotationsTests
{
    [Fact]
    public void What_is_sent_arrives()
    {
        Assert.Equal(ProxyProtocolVersion.V1, Read("l4lb.io/proxy-protocol", "v1").ProxyProtocol.Send);
        Assert.Equal(ProxyProtocolVersion.V2, Read("l4lb.io/proxy-protocol", "v2").ProxyProtocol.Send);
        Assert.Equal(ProxyProtocolSpec.None, Read("l4lb.io/accept-proxy-protocol", "false").ProxyProtocol);
    }

    [Fact]
    public void What_is_accepted_arrives()
    {
        var service = Web.Annotated("l4lb.io/accept-proxy-protocol", "true")
            .Annotated("l4lb.io/proxy-protocol-trusted", "10.0.0.0/8,fd00::/8").Annotated("l4lb.io/proxy-protocol-timeout", "1s");

        Assert.Empty(Messages(service));
        Assert.Equal(
            new ProxyProtocolSpec
            {
                Accept = true,
                TrustedSources = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")],
                HeaderTimeout = TimeSpan.FromSeconds(1),
            },
            L4Lb.K8s.Annotations.ServiceAnnotations.Parse(service, L4Lb.K8s.Annotations.AnnotationOptions.Default, []).ProxyProtocol);
    }

    [Theory]
    [InlineData("l4lb.io/proxy-protocol", "v3", "expected v1 or v2")]
    [InlineData("l4lb.io/accept-proxy-protocol", "yes", "expected true or false")]
    [InlineData("l4lb.io/proxy-protocol-trusted", "10.0.0.0/33", "\"10.0.0.0/33\" is not a network")]
    [InlineData("l4lb.io/proxy-protocol-timeout", "2m", "expected a duration from 10ms to 1m")]
    public void Refuses_a_bad_value_at_its_place(string name, string value, string expected) =>
        Assert.Contains(expected, Problem(name, value), StringComparison.Ordinal);
}
