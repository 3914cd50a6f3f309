using System.Net;
using L4Lb.Host.Tests.Cli;

namespace L4Lb.Host.Tests.Dns;

public class DnsSettingsTests
{
    [Fact]
    public void Nothing_is_answered_unless_asked_for() => Assert.Null(CommandLineFixture.Run("-f", "a.yaml").Dns);

    [Fact]
    public void Defaults_are_a_cluster_s()
    {
        var dns = CommandLineFixture.Run("-f", "a.yaml", "--dns", "127.0.0.1").Dns!;
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 53), dns.Address);
        Assert.Equal("cluster.local.", dns.ClusterDomain.ToString());
        Assert.Null(dns.ExternalZone);
        Assert.Empty(dns.Upstreams);
        Assert.Equal(2000, dns.AnswersPerSecond);
        Assert.Equal([IPNetwork.Parse("10.96.0.0/16")], dns.ServiceCidrs);
    }

    [Fact]
    public void Every_option_arrives()
    {
        var dns = CommandLineFixture.Run(
            "-f", "a.yaml", "--dns", "[::]:5353", "--cluster-domain", "k8s.example.", "--dns-external-zone", "lb.example.net",
            "--dns-upstream", "192.0.2.1", "--dns-upstream", "[2001:db8::1]:5300", "--dns-rate-limit", "0").Dns!;
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 5353), dns.Address);
        Assert.Equal("k8s.example.", dns.ClusterDomain.ToString());
        Assert.Equal("lb.example.net.", dns.ExternalZone!.ToString());
        Assert.Equal([IPEndPoint.Parse("192.0.2.1:53"), IPEndPoint.Parse("[2001:db8::1]:5300")], dns.Upstreams);
        Assert.Equal(0, dns.AnswersPerSecond);
    }

    [Theory]
    [InlineData("--dns-upstream needs --dns", "-f", "a.yaml", "--dns-upstream", "192.0.2.1")]
    [InlineData("--dns needs files given by --filename", "--listen", "127.0.0.1:1", "--backend", "127.0.0.1:2", "--dns", "127.0.0.1")]
    [InlineData("it would ask itself", "-f", "a.yaml", "--dns", "127.0.0.1:53", "--dns-upstream", "127.0.0.1")]
    [InlineData("--cluster-domain a..b: \"a..b\" is no domain name: a label is empty", "-f", "a.yaml", "--dns", "127.0.0.1", "--cluster-domain", "a..b")]
    [InlineData("--dns 53: must be ADDRESS:PORT", "-f", "a.yaml", "--dns", "53")]
    public void What_does_not_fit_is_refused(string problem, params string[] arguments)
    {
        var fixture = new CommandLineFixture();
        Assert.Equal(2, fixture.ExitCodeOf(["run", .. arguments]));
        Assert.Contains(problem, fixture.Error, StringComparison.Ordinal);
    }
}
