using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Tests.Wire;

public class DnsNameTests
{
    [Theory]
    [InlineData("web.Prod.svc.cluster.local", "web.prod.svc.cluster.local.")]
    [InlineData("web.prod.svc.cluster.local.", "web.prod.svc.cluster.local.")]
    [InlineData("_http._tcp.web", "_http._tcp.web.")]
    [InlineData(".", ".")]
    [InlineData("a b", @"a\032b.")]
    public void Names_are_read_and_printed(string text, string printed) => Assert.Equal(printed, DnsName.Parse(text).ToString());

    [Theory]
    [InlineData("", "an empty text is no domain name")]
    [InlineData("a..b", "\"a..b\" is no domain name: a label is empty")]
    [InlineData(".a", "\".a\" is no domain name: a label is empty")]
    public void What_is_none_is_refused(string text, string problem)
    {
        Assert.False(DnsName.TryParse(text, out _));
        Assert.Equal(problem, Assert.Throws<FormatException>(() => DnsName.Parse(text)).Message);
    }

    [Fact]
    public void Labels_and_names_have_their_bounds()
    {
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        Assert.Equal(DnsName.WireBytesMax, DnsName.Parse(longest).Wire.Length);
        Assert.False(DnsName.TryParse(longest + "d", out _));
        Assert.False(DnsName.TryParse(new string('a', 64), out _));
        Assert.Throws<FormatException>(() => DnsName.Parse(longest).Child("x"));
        Assert.Throws<FormatException>(() => DnsName.Root.Child(""));
    }

    [Fact]
    public void Case_is_of_no_account()
    {
        Assert.Equal(DnsName.Parse("WEB.Cluster.Local"), DnsName.Parse("web.cluster.local"));
        Assert.Equal(DnsName.Parse("WEB").GetHashCode(), DnsName.Parse("web").GetHashCode());
    }

    [Fact]
    public void Names_know_what_they_are_under()
    {
        var name = DnsName.Parse("web.prod.svc");
        Assert.Equal("prod.svc.", name.Parent!.ToString());
        Assert.Null(DnsName.Root.Parent);
        Assert.Equal(name, DnsName.Parse("prod.svc").Child("Web"));
        Assert.True(name.IsIn(DnsName.Parse("svc")));
        Assert.True(name.IsIn(name));
        Assert.True(name.IsIn(DnsName.Root));
        Assert.False(name.IsIn(DnsName.Parse("rod.svc")));
        Assert.False(DnsName.Parse("svc").IsIn(name));
    }
}
