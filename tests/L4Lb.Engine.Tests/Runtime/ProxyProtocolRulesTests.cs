using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Runtime;

public sealed class ProxyProtocolRulesTests
{
    [Fact]
    public void Nothing_asked_is_nothing() => Assert.Null(ProxyProtocolRules.From(ProxyProtocolSpec.None));

    [Fact]
    public void Whoever_only_sends_expects_no_header()
    {
        var rules = ProxyProtocolRules.From(new ProxyProtocolSpec { Send = ProxyProtocolVersion.V1 })!;

        Assert.Equal(ProxyProtocolVersion.V1, rules.Send);
        Assert.False(rules.Expects(Peer("10.0.0.1")));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("10.0.0.1", true, "10.0.0.0/8")]
    [InlineData("11.0.0.1", false, "10.0.0.0/8")]
    [InlineData("2001:db8::1", false, "10.0.0.0/8")]
    [InlineData("2001:db8::1", true, "10.0.0.0/8", "2001:db8::/32")]
    [InlineData("10.0.0.1", false, "::/0")]
    public void Headers_are_expected_of_those_who_are_trusted(string peer, bool expects, params string[] trusted)
    {
        var rules = ProxyProtocolRules.From(new ProxyProtocolSpec { Accept = true, TrustedSources = [.. trusted.Select(IPNetwork.Parse)] })!;

        Assert.Equal(expects, rules.Expects(Peer(peer)));
    }

    [Fact]
    public void A_time_is_rounded_up_to_a_millisecond()
    {
        var rules = ProxyProtocolRules.From(new ProxyProtocolSpec { Accept = true, HeaderTimeout = TimeSpan.FromMicroseconds(1) })!;

        Assert.Equal(1, rules.HeaderTimeoutMs);
    }

    private static AddressKey Peer(string address) => AddressKey.From(IPAddress.Parse(address), 40000);
}
