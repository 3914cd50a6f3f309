using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class KernelHashTests
{
    [Fact]
    public void Sip_gives_the_kernels_own_test_vector() =>
        // test_vectors_hsiphash[4] of Linux lib/tests/siphash_kunit.c, 64 bit: the bytes 0, 1, 2, 3.
        Assert.Equal(0x88D38328u, KernelHash.Sip(0x03020100, 0x0706050403020100, 0x0F0E0D0C0B0A0908));

    [Theory]
    [InlineData("192.168.0.1", 0, 0xC0A80001)]
    [InlineData("192.168.0.1", 8080, 0xC0A80001 + 8080)]
    [InlineData("255.255.255.255", 2, 1)]
    [InlineData("2001:db8::1", 0, 0x20010DB8 ^ 1)]
    [InlineData("2001:db8:1:2:3:4:5:6", 80, (0x20010DB8 ^ 0x00010002 ^ 0x00030004 ^ 0x00050006) + 80)]
    public void Addresses_are_folded_and_ports_added(string address, int port, uint folded) =>
        Assert.Equal(folded, KernelHash.Fold(AddressKey.From(IPAddress.Parse(address), port)));

    [Fact]
    public void Multiplicative_hashes_use_the_high_bits()
    {
        // 0x61C88647 is what Linux include/linux/hash.h calls GOLDEN_RATIO_32; 2 and 3 times it overflow or not.
        Assert.Equal(0x61, KernelHash.Multiplicative(1, 8));
        Assert.Equal(0xC3, KernelHash.Multiplicative(2, 8));
        Assert.Equal(0x25, KernelHash.Multiplicative(3, 8));
    }
}
