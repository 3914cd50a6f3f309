using L4Lb.K8s.Pools;

namespace L4Lb.K8s.Tests.Pools;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.0-192.0.2.255")]
    [InlineData("192.0.2.77/24", "192.0.2.0-192.0.2.255")]
    [InlineData("192.0.2.7/32", "192.0.2.7")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.10-192.0.2.20", "192.0.2.10-192.0.2.20")]
    [InlineData("192.0.2.10 - 192.0.2.20", "192.0.2.10-192.0.2.20")]
    [InlineData("0.0.0.0/0", "0.0.0.0-255.255.255.255")]
    [InlineData("2001:db8::/126", "2001:db8::-2001:db8::3")]
    [InlineData("2001:db8::1-2001:db8::1:0", "2001:db8::1-2001:db8::1:0")]
    [InlineData("::/0", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Reads_what_pools_say(string text, string expected)
    {
        Assert.True(AddressRange.TryParse(text, out var range, out _));
        Assert.Equal(expected, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("2001:db8::/129")]
    [InlineData("192.0.2.20-192.0.2.10")]
    [InlineData("192.0.2.1-2001:db8::1")]
    [InlineData("192.0.2.1-")]
    [InlineData("example.com")]
    public void Says_what_is_wrong(string text)
    {
        Assert.False(AddressRange.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("192.0.2.0/24", 256)]
    [InlineData("192.0.2.5", 1)]
    [InlineData("2001:db8::/64", -1)]
    public void Counts(string text, long expected)
    {
        Assert.True(AddressRange.TryParse(text, out var range, out _));
        Assert.Equal(expected < 0 ? UInt128.One << 64 : (UInt128)expected, range.Count);
    }
}
