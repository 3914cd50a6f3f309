using System.Net;
using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.Engine.ProxyProtocol;

namespace L4Lb.Engine.Tests.ProxyProtocol;

public sealed class ProxyAddressTextTests
{
    [Theory]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.00")]
    [InlineData("01.2.3.4")]
    [InlineData("0x1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.+4")]
    [InlineData("16909060")]
    [InlineData("")]
    public void No_IPv4(string text) => Assert.False(ProxyAddressText.TryParse(Encoding.ASCII.GetBytes(text), isIPv4: true, out _));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("1::2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("[::1]")]
    [InlineData("::1%1")]
    [InlineData("::1/64")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3")]
    [InlineData("::01.2.3.4")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::1 ")]
    public void No_IPv6(string text) => Assert.False(ProxyAddressText.TryParse(Encoding.ASCII.GetBytes(text), isIPv4: false, out _));

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("::2:3:4:5:6:7:8")]
    [InlineData("1:2:3::6:7:8")]
    [InlineData("fe80::ABCD:ef01")]
    [InlineData("0000:0001:0:0::0")]
    [InlineData("::1.2.3.4")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("64:ff9b::255.0.10.1")]
    [InlineData("1:2:3:4:5:6:7.8.9.10")]
    public void IPv6_is_what_the_framework_makes_of_it(string text)
    {
        Assert.True(ProxyAddressText.TryParse(Encoding.ASCII.GetBytes(text), isIPv4: false, out var address));

        Assert.Equal(AddressKey.From(IPAddress.Parse(text), 0), address);
    }

    /// <summary>RFC 5952, sections 4 and 5.</summary>
    [Theory]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:DB8::0001", "2001:db8::1")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("1:0:0:0:0:0:0:0", "1::")]
    [InlineData("0:0:3:4:5:6:0:0", "::3:4:5:6:0:0")]
    public void IPv6_is_written_in_its_canonical_form(string address, string canonical) =>
        Assert.Equal(canonical, Write(AddressKey.From(IPAddress.Parse(address), 0), asIPv6: false));

    [Fact]
    public void IPv4_is_written_as_it_is_or_mapped()
    {
        var address = Headers.Key("203.0.113.250:1");

        Assert.Equal("203.0.113.250", Write(address, asIPv6: false));
        Assert.Equal("::ffff:203.0.113.250", Write(address, asIPv6: true));
    }

    [Fact]
    public void Whatever_is_written_is_read_as_the_same()
    {
        var random = new Random(5);
        var bytes = new byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            // Words of zero are what the forms differ in: half of them are.
            for (var word = 0; word < 16; word += 2)
            {
                (bytes[word], bytes[word + 1]) = random.Next(2) == 0 ? (default, default) : ((byte)random.Next(256), (byte)random.Next(3));
            }

            var address = AddressKey.From(new IPAddress(bytes), 0);
            var text = Write(address, asIPv6: false);
            Assert.True(ProxyAddressText.TryParse(Encoding.ASCII.GetBytes(text), address.IsIPv4, out var read), text);
            Assert.Equal(address, read);
            Assert.Equal(address, AddressKey.From(IPAddress.Parse(text), 0));
        }
    }

    private static string Write(in AddressKey address, bool asIPv6)
    {
        Span<byte> text = stackalloc byte[ProxyAddressText.MostBytes];
        return Encoding.ASCII.GetString(text[..ProxyAddressText.Write(text, address, asIPv6)]);
    }
}
