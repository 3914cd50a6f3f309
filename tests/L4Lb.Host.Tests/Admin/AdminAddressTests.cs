using L4Lb.Host.Admin;

namespace L4Lb.Host.Tests.Admin;

public class AdminAddressTests
{
    [Theory]
    [InlineData("none", "none", true)]
    [InlineData("127.0.0.1:9900", "127.0.0.1:9900", true)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", true)]
    [InlineData("localhost:9900", "127.0.0.1:9900", true)]
    [InlineData("[::1]:9900", "[::1]:9900", true)]
    [InlineData("unix:/run/l4lb.sock", "unix:/run/l4lb.sock", true)]
    [InlineData("0.0.0.0:9900", "0.0.0.0:9900", false)]
    [InlineData("192.0.2.1:9900", "192.0.2.1:9900", false)]
    public void Addresses(string text, string expected, bool isLocal)
    {
        var address = AdminAddress.Read(text);

        Assert.Equal(expected, address.ToString());
        Assert.Equal(isLocal, address.IsLocal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9900")]
    [InlineData("unix:l4lb.sock")]
    [InlineData("http://127.0.0.1:9900")]
    public void No_addresses(string text) => Assert.Throws<FormatException>(() => AdminAddress.Read(text));
}
