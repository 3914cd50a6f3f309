using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Desired;

public sealed class AddressKeyTests
{
    [Theory]
    [InlineData("10.1.2.3", 80)]
    [InlineData("0.0.0.0", 0)]
    [InlineData("255.255.255.255", 65535)]
    [InlineData("::", 1)]
    [InlineData("::1", 443)]
    [InlineData("2001:db8::8:800:200c:417a", 65535)]
    public void Goes_to_a_key_and_back(string address, int port)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), port);

        var key = AddressKey.From(endPoint);

        Assert.Equal(endPoint, key.ToIPEndPoint());
        Assert.Equal(endPoint.ToString(), key.ToString());
        Assert.Equal(endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork, key.IsIPv4);
    }

    [Fact]
    public void IPv4_and_its_mapped_form_are_one_key()
    {
        var plain = AddressKey.From(IPAddress.Parse("10.1.2.3"), 80);

        Assert.Equal(plain, AddressKey.From(IPAddress.Parse("::ffff:10.1.2.3"), 80));
        Assert.Equal(plain, AddressKey.FromIPv4(0x0A010203, 80));
        Assert.Equal(new UInt128(0, 0xFFFF_0A01_0203), plain.Address);
    }

    [Fact]
    public void Differs_by_address_or_port()
    {
        var key = AddressKey.FromIPv4(0x0A010203, 80);

        Assert.NotEqual(key, AddressKey.FromIPv4(0x0A010203, 81));
        Assert.NotEqual(key, AddressKey.FromIPv4(0x0A010204, 80));
    }

    [Theory]
    [InlineData("::10.1.2.3")]
    [InlineData("::1:ffff:10.1.2.3")]
    [InlineData("64:ff9b::10.1.2.3")]
    public void Embedded_IPv4_of_other_kinds_stays_IPv6(string address) =>
        Assert.False(AddressKey.From(IPAddress.Parse(address), 80).IsIPv4);

    [Fact]
    public void Making_a_key_allocates_nothing()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse("2001:db8::1"), 80);
        AddressKey.From(endPoint);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            AddressKey.From(endPoint);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
