using System.Net;
using L4Lb.K8s.Allocation;

namespace L4Lb.K8s.Tests.Allocation;

public class RangeTests
{
    /// <summary>The bands of KEP-3070 by prefix length: what is given out first lies above the static band.</summary>
    [Theory]
    [InlineData("10.0.0.0/18", 256, 16382)]
    [InlineData("10.0.0.0/20", 256, 4094)]
    [InlineData("10.0.0.0/22", 64, 1022)]
    [InlineData("10.0.0.0/24", 16, 254)]
    [InlineData("10.0.0.0/26", 16, 62)]
    [InlineData("10.0.0.0/28", 0, 14)]
    [InlineData("10.0.0.0/30", 0, 2)]
    [InlineData("10.0.0.0/31", 0, 0)]
    [InlineData("10.0.0.0/32", 0, 0)]
    [InlineData("fd00::/120", 16, 255)]
    public void Takes_the_upper_band_first_and_then_the_lower(string cidr, int band, int usable)
    {
        var network = IPNetwork.Parse(cidr);
        var range = new ClusterIPRange(network);
        var random = new Random(1);
        var given = new List<IPAddress>();
        while (range.TakeAny(random) is { } address)
        {
            given.Add(address);
        }

        Assert.Equal(usable, given.Count);
        Assert.Equal(usable, given.Distinct().Count());
        Assert.All(given, address => Assert.True(network.Contains(address)));
        Assert.DoesNotContain(network.BaseAddress, given);
        Assert.All(given.Take(usable - band), address => Assert.True(Offset(network, address) > band));
        Assert.All(given.Skip(usable - band), address => Assert.True(Offset(network, address) <= band));
    }

    [Fact]
    public void Of_a_large_IPv6_network_the_first_65536_addresses_are_given_out()
    {
        var range = new ClusterIPRange(IPNetwork.Parse("fd00::/64"));
        var random = new Random(1);
        Assert.All(
            Enumerable.Range(0, 1000).Select(_ => range.TakeAny(random)!.ToString()),
            static address => Assert.InRange(Convert.ToInt32(address["fd00::".Length..], 16), 257, 65535));
    }

    [Theory]
    [InlineData("10.96.0.0/16", "10.0.171.239")]
    [InlineData("10.96.0.0/16", "10.96.0.0")]
    [InlineData("10.96.0.0/16", "10.96.255.255")]
    [InlineData("10.96.0.0/16", "10.97.0.1")]
    public void An_address_outside_of_the_range_cannot_be_had(string cidr, string address) => Assert.Equal(
        $"the provided IP ({address}) is not in the valid range. The range of valid IPs is {cidr} (--service-cidr)",
        new ClusterIPRange(IPNetwork.Parse(cidr)).Take(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.96.0.0/16", "10.96.255.254")]
    [InlineData("10.96.0.0/16", "10.96.0.1")]
    [InlineData("fd00::/64", "fd00::ffff:ffff:ffff:ffff")]
    public void An_address_can_be_had_once(string cidr, string address)
    {
        var range = new ClusterIPRange(IPNetwork.Parse(cidr));
        Assert.Null(range.Take(IPAddress.Parse(address)));
        Assert.Equal("provided IP is already allocated", range.Take(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData(30000, 32767, 86)]
    [InlineData(30000, 30015, 0)]
    [InlineData(30000, 30016, 16)]
    [InlineData(20000, 24999, 128)]
    public void NodePorts_have_bands_too(int first, int last, int band)
    {
        var range = new NodePortRange(first, last);
        var random = new Random(1);
        var size = last - first + 1;
        var given = Enumerable.Range(0, size).Select(_ => range.TakeAny(random)!.Value).ToList();

        Assert.Equal(Enumerable.Range(first, size), given.Order());
        Assert.All(given.Take(size - band), port => Assert.True(port >= first + band));
        Assert.Null(range.TakeAny(random));
    }

    private static int Offset(IPNetwork network, IPAddress address)
    {
        var (low, high) = (network.BaseAddress.GetAddressBytes(), address.GetAddressBytes());
        return ((high[^2] - low[^2]) << 8) + high[^1] - low[^1];
    }
}
