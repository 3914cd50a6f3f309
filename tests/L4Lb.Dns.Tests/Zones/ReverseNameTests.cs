using System.Net;
using L4Lb.Dns.Zones;

namespace L4Lb.Dns.Tests.Zones;

public class ReverseNameTests
{
    [Theory]
    [InlineData("10.96.0.1", "1.0.96.10.in-addr.arpa.")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")] // RFC 3596 §2.5, shortened.
    public void Addresses_are_read_backwards(string address, string name) =>
        Assert.Equal(name, ReverseName.Of(IPAddress.Parse(address)).ToString());

    [Theory]
    [InlineData("10.96.0.0/16", "96.10.in-addr.arpa.")]
    [InlineData("10.96.4.0/22", "4.96.10.in-addr.arpa. 5.96.10.in-addr.arpa. 6.96.10.in-addr.arpa. 7.96.10.in-addr.arpa.")]
    [InlineData("10.0.0.0/8", "10.in-addr.arpa.")]
    [InlineData("fd00:10:96::/48", "6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa.")]
    [InlineData("fd00:10:96::/47", "6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa. 7.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa.")]
    [InlineData("10.96.0.0/28", "")] // Smaller than a zone (RFC 2317 needs the parent's help).
    [InlineData("10.96.0.7/32", "")]
    public void Networks_are_zones(string network, string zones) =>
        Assert.Equal(zones, string.Join(' ', ReverseName.ZonesOf(IPNetwork.Parse(network))));
}
