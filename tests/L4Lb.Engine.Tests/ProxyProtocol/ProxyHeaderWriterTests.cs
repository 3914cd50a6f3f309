using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.Engine.ProxyProtocol;
using static L4Lb.Engine.Tests.ProxyProtocol.Headers;

namespace L4Lb.Engine.Tests.ProxyProtocol;

public sealed class ProxyHeaderWriterTests
{
    [Theory]
    [InlineData("192.168.0.1:56324", "192.168.0.11:443", "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n")]
    [InlineData("[2001:db8::1]:1", "[::1]:65535", "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n")]
    [InlineData("192.0.2.1:1", "[2001:db8::2]:2", "PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 1 2\r\n")]
    [InlineData("[2001:db8::2]:2", "192.0.2.1:1", "PROXY TCP6 2001:db8::2 ::ffff:192.0.2.1 2 1\r\n")]
    public void Version_1(string source, string destination, string line) =>
        Assert.Equal(line, Encoding.ASCII.GetString(Write(ProxyProtocolVersion.V1, source, destination)));

    [Theory]
    [InlineData("172.19.0.1:42578", "172.19.0.3:80", "0d0a0d0a000d0a515549540a 21 11 000c ac130001 ac130003 a652 0050")]
    [InlineData(
        "[2001:db8::1]:40000", "[2001:db8::2]:443",
        "0d0a0d0a000d0a515549540a 21 21 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 9c40 01bb")]
    [InlineData(
        "192.0.2.1:40000", "[2001:db8::2]:443",
        "0d0a0d0a000d0a515549540a 21 21 0024 00000000000000000000ffffc0000201 20010db8000000000000000000000002 9c40 01bb")]
    public void Version_2(string source, string destination, string hex) =>
        Assert.Equal(Hex(hex), Write(ProxyProtocolVersion.V2, source, destination));

    [Fact]
    public void None_writes_nothing() => Assert.Empty(Write(ProxyProtocolVersion.None, "1.2.3.4:5", "6.7.8.9:10"));

    [Fact]
    public void Local_headers_are_the_specifications()
    {
        Assert.Equal("PROXY UNKNOWN\r\n"u8, ProxyHeader.Local(ProxyProtocolVersion.V1).Span);
        Assert.Equal(Hex("0d0a0d0a000d0a515549540a 20 00 0000"), ProxyHeader.Local(ProxyProtocolVersion.V2).ToArray());
        Assert.Equal(0, ProxyHeader.Local(ProxyProtocolVersion.None).Length);
        Assert.True(ProxyHeaderParser.Read(ProxyHeader.Local(ProxyProtocolVersion.V2).Span).Header.IsLocal);
    }

    [Fact]
    public void Tlvs_are_passed_on_without_the_checksum_of_the_header_that_they_came_with()
    {
        byte[] before = [.. Tlv(2, [.. "example.com"u8])];
        byte[] after = [.. Tlv(4), .. Tlv(0xEA, 1, 2)];
        var accepted = Read(WithChecksum(V2Inet([.. before, .. Tlv(3, 0, 0, 0, 0), .. after])));

        var written = Write(ProxyProtocolVersion.V2, "192.0.2.1:40000", "198.51.100.2:443", [.. accepted.Header.Tlvs]);

        Assert.Equal(V2Inet([.. before, .. after]), written);
        Assert.Equal(ProxyHeaderStatus.Done, Read(written).Status);
    }

    [Fact]
    public void Version_1_has_no_tlvs() =>
        Assert.Equal("PROXY TCP4 1.2.3.4 6.7.8.9 5 10\r\n"u8, Write(ProxyProtocolVersion.V1, "1.2.3.4:5", "6.7.8.9:10", Tlv(4)));

    [Theory]
    [InlineData(ProxyProtocolVersion.V1)]
    [InlineData(ProxyProtocolVersion.V2)]
    public void What_is_written_is_read_as_the_same(ProxyProtocolVersion version)
    {
        var random = new Random(7);
        Span<byte> target = stackalloc byte[ProxyHeaderWriter.MostBytesWithoutTlvs];
        for (var i = 0; i < 10_000; i++)
        {
            var addresses = new ProxyAddresses(Any(random), Any(random));
            var length = ProxyHeaderWriter.Write(target, version, addresses);
            var result = ProxyHeaderParser.Read(target[..length]);
            Assert.Equal((ProxyHeaderStatus.Done, length), (result.Status, result.Length));
            Assert.Equal(addresses, result.Header.Addresses);
        }
    }

    [Theory]
    [InlineData(ProxyProtocolVersion.V1)]
    [InlineData(ProxyProtocolVersion.V2)]
    public void Writing_allocates_nothing(ProxyProtocolVersion version)
    {
        var addresses = new ProxyAddresses(Key("[2001:db8::1]:40000"), Key("192.0.2.1:443"));
        var tlvs = Tlv(0xEA, 1, 2);
        Span<byte> target = stackalloc byte[ProxyHeaderWriter.MostBytesWithoutTlvs];
        ProxyHeaderWriter.Write(target, version, addresses, tlvs);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            ProxyHeaderWriter.Write(target, version, addresses, tlvs);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[] Write(ProxyProtocolVersion version, string source, string destination, params byte[] tlvs)
    {
        var target = new byte[ProxyHeaderWriter.MostBytesWithoutTlvs + tlvs.Length];
        return target[..ProxyHeaderWriter.Write(target, version, new ProxyAddresses(Key(source), Key(destination)), tlvs)];
    }

    private static AddressKey Any(Random random)
    {
        var port = (ushort)random.Next(65536);
        return random.Next(2) == 0
            ? AddressKey.FromIPv4((uint)random.NextInt64(1L << 32), port)
            : new AddressKey(new UInt128((ulong)random.NextInt64() << random.Next(64), (ulong)random.NextInt64() >> random.Next(64)), port);
    }
}
