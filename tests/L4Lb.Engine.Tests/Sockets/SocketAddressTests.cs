using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Tests.Sockets;

public sealed class SocketAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", 1, 16)]
    [InlineData("255.254.253.252", 65535, 16)]
    [InlineData("0.0.0.0", 0, 16)]
    [InlineData("::", 80, 28)]
    [InlineData("2001:db8:1:2:3:4:5:6", 258, 28)]
    public unsafe void Is_what_the_framework_makes_of_it_and_comes_back_the_same(string text, int port, int length)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(text), port);
        var key = AddressKey.From(endPoint);

        var address = key.ToSocketAddress();

        Assert.Equal(length, address.Length);
        Assert.Equal(endPoint.Serialize().Buffer[..length].ToArray(), new ReadOnlySpan<byte>(&address, length).ToArray());
        Assert.Equal(key, address.ToKey());
        Assert.Equal(endPoint, address.ToKey().ToIPEndPoint());
    }

    [Fact]
    public void A_mapped_address_is_IPv4()
    {
        var key = AddressKey.From(IPAddress.Parse("::ffff:192.0.2.1"), 80);

        Assert.Equal(SocketConstants.AF_INET, key.ToSocketAddress().Family);
        Assert.Equal(AddressFamily.InterNetwork, key.ToIPAddress().AddressFamily);
    }
}
