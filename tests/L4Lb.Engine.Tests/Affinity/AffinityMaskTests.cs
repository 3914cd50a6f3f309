using System.Net;
using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Affinity;

public sealed class AffinityMaskTests
{
    [Theory]
    [InlineData("192.0.2.77", 32, "192.0.2.77")]
    [InlineData("192.0.2.77", 24, "192.0.2.0")]
    [InlineData("192.0.2.77", 26, "192.0.2.64")]
    [InlineData("192.0.2.77", 1, "128.0.0.0")]
    public void Of_IPv4_the_first_bits_count(string client, int prefixLength, string key) =>
        Assert.Equal(Key(key), new AffinityMask(prefixLength, 128).KeyOf(At(client)));

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", 128, "2001:db8:1:2:3:4:5:6")]
    [InlineData("2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2ff:3:4:5:6", 56, "2001:db8:1:200::")]
    [InlineData("2001:db8:1:2:3:4:5:6", 1, "::")]
    public void Of_IPv6_the_first_bits_count(string client, int prefixLength, string key) =>
        Assert.Equal(Key(key), new AffinityMask(32, prefixLength).KeyOf(At(client)));

    [Fact]
    public void Each_family_has_its_own_length()
    {
        var mask = new AffinityMask(8, 16);

        Assert.Equal(Key("10.0.0.0"), mask.KeyOf(At("10.1.2.3")));
        Assert.Equal(Key("2001::"), mask.KeyOf(At("2001:db8::1")));
    }

    [Fact]
    public void Families_never_share_a_key()
    {
        string[] ipv4 = ["0.0.0.0", "0.0.0.1", "127.0.0.1", "128.0.0.0", "255.255.255.255"];
        string[] ipv6 = ["::", "::1", "::127.0.0.1", "::fffe:7f00:1", "0:0:0:0:1:ffff:7f00:1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"];
        for (var ipv4Bits = 1; ipv4Bits <= 32; ipv4Bits++)
        {
            for (var ipv6Bits = 1; ipv6Bits <= 128; ipv6Bits++)
            {
                var mask = new AffinityMask(ipv4Bits, ipv6Bits);
                Assert.Empty(ipv4.Select(a => mask.KeyOf(At(a))).Intersect(ipv6.Select(a => mask.KeyOf(At(a)))));
            }
        }
    }

    private static AddressKey At(string address) => AddressKey.From(IPAddress.Parse(address), 40000);

    private static UInt128 Key(string address) => At(address).Address;
}
