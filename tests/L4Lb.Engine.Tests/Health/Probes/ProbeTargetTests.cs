using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Probes;

namespace L4Lb.Engine.Tests.Health.Probes;

public sealed class ProbeTargetTests
{
    private static readonly AddressKey s_backend = AddressKey.From(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80));

    /// <summary>proxy-protocol.txt §2.2: twelve bytes of signature, version 2 and LOCAL, UNSPEC, length 0.</summary>
    [Theory]
    [InlineData(ProxyProtocolVersion.None, "")]
    [InlineData(ProxyProtocolVersion.V1, "50524F585920554E4B4E4F574E0D0A")]
    [InlineData(ProxyProtocolVersion.V2, "0D0A0D0A000D0A515549540A20000000")]
    public void Probes_of_the_backends_port_send_the_header_of_no_client(ProxyProtocolVersion version, string hex)
    {
        Assert.Equal(hex, Convert.ToHexString(ProbeTarget.Of(Service(version), s_backend, port: null).Prefix.Span));
        Assert.Equal(hex, Convert.ToHexString(ProbeTarget.Of(Service(version), s_backend, port: 80).Prefix.Span));
    }

    [Fact]
    public void Another_port_expects_none()
    {
        var target = ProbeTarget.Of(Service(ProxyProtocolVersion.V2), s_backend, port: 9000);

        Assert.True(target.Prefix.IsEmpty);
        Assert.Equal(("10.0.0.1:9000", "10.0.0.1:80"), (target.Address.ToString(), target.Backend.ToString()));
    }

    private static ServiceSpec Service(ProxyProtocolVersion version) => new()
    {
        Key = new ServiceKey("default", "web", "http"),
        ProxyProtocol = new ProxyProtocolSpec { Send = version },
    };
}
