using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;

namespace L4Lb.Engine.Tests.Limits;

public sealed class AddressRangesTests
{
    [Fact]
    public void Empty_contains_nobody()
    {
        var ranges = new AddressRanges([]);

        Assert.True(ranges.IsEmpty);
        Assert.False(ranges.Contains(Key(IPAddress.Loopback)));
    }

    [Theory]
    [InlineData("10.0.0.0", true)]
    [InlineData("10.0.0.255", true)]
    [InlineData("10.0.1.0", false)]
    [InlineData("9.255.255.255", false)]
    [InlineData("10.0.2.128", true)]
    [InlineData("10.0.2.127", false)]
    [InlineData("255.255.255.255", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("::", false)]
    public void Edges_are_inside(string address, bool isInside)
    {
        string[] networks = ["10.0.0.0/24", "10.0.0.0/28", "10.0.0.128/25", "10.0.2.128/25", "255.255.255.255/32", "0.0.0.0/32", "ffff::/16"];

        Assert.Equal(isInside, new AddressRanges(networks.Select(IPNetwork.Parse)).Contains(Key(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Agrees_with_looking_at_every_network(int seed)
    {
        // Few distinct bits, so that networks nest, touch and repeat.
        var random = new Random(seed);
        var networks = Enumerable.Range(0, 300).Select(_ => Network(Address(random), random)).ToArray();
        var ranges = new AddressRanges(networks);
        var inside = 0;

        for (var i = 0; i < 5_000; i++)
        {
            var address = Address(random);
            var expected = networks.Any(network => network.Contains(address));
            Assert.True(expected == ranges.Contains(Key(address)), $"{address}");
            inside += expected ? 1 : 0;
        }

        Assert.InRange(inside, 100, 4_900);
    }

    private static IPNetwork Network(IPAddress address, Random random)
    {
        var length = address.GetAddressBytes().Length == 4 ? random.Next(20, 33) : random.Next(116, 129);
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static IPAddress Address(Random random)
    {
        var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        bytes[0] = bytes.Length == 4 ? (byte)10 : (byte)0x20;
        bytes[^3] = (byte)(random.Next(4) << 6);
        bytes[^2] = (byte)random.Next(256);
        bytes[^1] = (byte)random.Next(256);
        return new IPAddress(bytes);
    }

    private static AddressKey Key(IPAddress address) => AddressKey.From(address, 40000);
}
