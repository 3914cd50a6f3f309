using System.Net;
using System.Text.RegularExpressions;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

public sealed partial class LeaseNameTests
{
    [Theory]
    [InlineData("10.0.0.1", "l4lb-vip-10-0-0-1")]
    [InlineData("2001:db8::1", "l4lb-vip-2001-db8--1")]
    [InlineData("::1", "l4lb-vip---1")]
    [InlineData("fd00::", "l4lb-vip-fd00--0")]
    [InlineData("::ffff:10.0.0.1", "l4lb-vip-10-0-0-1")]
    [InlineData("fd00:1:2:3:4:5:6:7", "l4lb-vip-fd00-1-2-3-4-5-6-7")]
    public void Is_a_name_that_the_api_server_accepts(string address, string expected)
    {
        var name = LeaseName.Of(IPAddress.Parse(address));

        Assert.Equal(expected, name);
        Assert.Matches(Label(), name);
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();
}
