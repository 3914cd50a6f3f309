using System.Net;
using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class ClientTextTests
{
    [Theory]
    [InlineData("192.0.2.1", 0, "192.0.2.1")]
    [InlineData("192.0.2.255", 65535, "192.0.2.255:65535")]
    [InlineData("::", 0, "::")]
    [InlineData("::1", 80, "::1:80")]
    [InlineData("2001:db8::", 0, "2001:db8::")]
    [InlineData("2001:db8:0:0:1:0:0:1", 0, "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", 0, "2001:db8:0:1:1:1:1:1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:65535")]
    public void Writes_an_address_as_people_do(string address, int port, string expected) =>
        Assert.Equal(expected, Write(AddressKey.From(IPAddress.Parse(address), port)));

    [Fact]
    public void Agrees_with_the_framework()
    {
        var random = new Random(5952);
        var bytes = new byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = 0x20; // Not one of the forms that the framework writes with an IPv4 tail.
            for (var zeros = random.Next(16); zeros > 0; zeros--)
            {
                bytes[random.Next(1, 16)] = 0;
            }

            var address = new IPAddress(bytes);

            Assert.Equal(address.ToString(), Write(AddressKey.From(address, 0)));
        }
    }

    private static string Write(AddressKey key)
    {
        var text = new byte[ClientText.MostBytes];
        return Encoding.ASCII.GetString(text, 0, ClientText.Write(key, text));
    }
}
