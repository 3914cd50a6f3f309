using L4Lb.Engine.Desired;
using L4Lb.Engine.ProxyProtocol;
using static L4Lb.Engine.Tests.ProxyProtocol.Headers;

namespace L4Lb.Engine.Tests.ProxyProtocol;

public sealed class ProxyHeaderV2Tests
{
    /// <summary>What a HAProxy sent for a connection from 172.19.0.1:42578 to 172.19.0.3:80, as netcat saw it.</summary>
    private static readonly byte[] s_haproxy = Hex("0d0a0d0a000d0a515549540a 21 11 000c ac130001 ac130003 a652 0050");

    [Fact]
    public void A_header_that_haproxy_sent()
    {
        var result = Read([.. s_haproxy, .. "GET / HTTP/1.1"u8]);

        Assert.Equal((ProxyHeaderStatus.Done, 28), (result.Status, result.Length));
        Assert.Equal((ProxyProtocolVersion.V2, false, 0), (result.Header.Version, result.Header.IsLocal, result.Header.Tlvs.Count));
        Assert.Equal(new ProxyAddresses(Key("172.19.0.1:42578"), Key("172.19.0.3:80")), result.Header.Addresses);
    }

    [Fact]
    public void IPv6()
    {
        var result = Read(V2Inet6());

        Assert.Equal((ProxyHeaderStatus.Done, 52), (result.Status, result.Length));
        Assert.Equal(new ProxyAddresses(Key("[2001:db8::1]:40000"), Key("[2001:db8::2]:443")), result.Header.Addresses);
    }

    /// <summary>Health probes: whatever the block and the family are, they are to be skipped.</summary>
    [Theory]
    [InlineData(0x00, 0)]
    [InlineData(0x11, 12)]
    [InlineData(0x11, 3)]
    [InlineData(0x21, 36)]
    [InlineData(0xFF, 7)]
    public void A_local_header_names_nobody_and_its_block_is_skipped(int family, int block)
    {
        var header = V2(0x20, family, new byte[block]);

        var result = Read([.. header, 1, 2, 3]);

        Assert.Equal((ProxyHeaderStatus.Done, 16 + block), (result.Status, result.Length));
        Assert.Equal((true, null, 0), (result.Header.IsLocal, result.Header.Addresses, result.Header.Tlvs.Count));
    }

    /// <summary>Unspecified (0), and what is valid but no TCP connection: the connection's own addresses hold.</summary>
    [Theory]
    [InlineData(0x00, 0, false)]
    [InlineData(0x00, 40, false)]
    [InlineData(0x01, 40, false)]
    [InlineData(0x02, 5, false)]
    [InlineData(0x10, 5, false)]
    [InlineData(0x20, 5, false)]
    [InlineData(0x30, 5, false)]
    [InlineData(0x12, 12, true)]
    [InlineData(0x22, 36, true)]
    [InlineData(0x31, 216, true)]
    [InlineData(0x32, 216, true)]
    public void What_is_no_tcp_connection_names_nobody(int family, int block, bool knowsTlvs)
    {
        var tlv = Tlv(0xE0, 1, 2);

        var result = Read(V2(0x21, family, [.. new byte[block], .. tlv]));

        Assert.Equal((ProxyHeaderStatus.Done, 16 + block + 5), (result.Status, result.Length));
        Assert.Equal((false, null), (result.Header.IsLocal, result.Header.Addresses));
        Assert.Equal(knowsTlvs ? tlv : [], result.Header.Tlvs);
    }

    [Fact]
    public void Needs_more_at_every_byte_before_the_last()
    {
        byte[][] headers = [s_haproxy, V2Inet6(Tlv(4, 0, 0)), V2(0x20, 0), V2(0x21, 0x31, new byte[216])];
        foreach (var header in headers)
        {
            for (var length = 0; length < header.Length; length++)
            {
                Assert.Equal(ProxyHeaderStatus.NeedMore, Read(header[..length]).Status);
            }

            Assert.Equal(ProxyHeaderStatus.Done, Read(header).Status);
        }
    }

    [Theory]
    [InlineData(0x11, 11)]
    [InlineData(0x12, 0)]
    [InlineData(0x21, 35)]
    [InlineData(0x22, 12)]
    [InlineData(0x31, 215)]
    [InlineData(0x32, 36)]
    public void A_block_shorter_than_its_addresses_is_refused(int family, int block)
    {
        var header = V2(0x21, family, new byte[block]);

        AssertInvalid("shorter than its addresses", header);
        AssertInvalid("shorter than its addresses", header[..16]);
    }

    /// <summary>As soon as the byte is there that cannot be right.</summary>
    [Theory]
    [InlineData(0x11, 0x11, 13, "version")]
    [InlineData(0x31, 0x11, 13, "version")]
    [InlineData(0x01, 0x11, 13, "version")]
    [InlineData(0x22, 0x11, 13, "command")]
    [InlineData(0x2F, 0x11, 13, "command")]
    [InlineData(0x21, 0x41, 14, "family")]
    [InlineData(0x21, 0xF0, 14, "family")]
    [InlineData(0x21, 0x13, 14, "transport")]
    [InlineData(0x21, 0x0F, 14, "transport")]
    public void A_preamble_with_unassigned_values_is_refused(int versionAndCommand, int family, int after, string problem)
    {
        var header = V2(versionAndCommand, family, new byte[12]);

        AssertInvalid(problem, header);
        AssertInvalid(problem, header[..after]);
        Assert.Equal(ProxyHeaderStatus.NeedMore, Read(header[..(after - 1)]).Status);
    }

    [Fact]
    public void Every_wrong_byte_of_the_signature_is_refused_at_once()
    {
        for (var i = 0; i < 12; i++)
        {
            var bytes = s_haproxy[..(i + 1)];
            bytes[i] ^= 1;
            AssertInvalid("signature", bytes);
        }
    }

    [Theory]
    [InlineData(4080, true)]
    [InlineData(4081, false)]
    [InlineData(65535, false)]
    public void At_most_4096_bytes_are_read(int length, bool isValid)
    {
        var preamble = V2(0x20, 0, length, []);

        Assert.Equal(isValid ? ProxyHeaderStatus.NeedMore : ProxyHeaderStatus.Invalid, Read(preamble).Status);
        if (isValid)
        {
            Assert.Equal((ProxyHeaderStatus.Done, 4096), (Read([.. preamble, .. new byte[length]]).Status, Read([.. preamble, .. new byte[length]]).Length));
        }
    }

    [Fact]
    public void Tlvs_are_kept_known_or_not()
    {
        byte[] tlvs = [.. Tlv(2, [.. "example.com"u8]), .. Tlv(4), .. Tlv(5, new byte[128]), .. Tlv(0xEA, 1, 2, 3), .. Tlv(0xFF, new byte[300])];

        var result = Read([.. V2Inet(tlvs), 9]);

        Assert.Equal((ProxyHeaderStatus.Done, 28 + tlvs.Length), (result.Status, result.Length));
        Assert.Equal(tlvs, result.Header.Tlvs);
        var types = new List<(int, int)>();
        for (var vectors = new ProxyTlvs(result.Header.Tlvs.AsSpan()); vectors.MoveNext();)
        {
            types.Add((vectors.Type, vectors.Value.Length));
        }

        Assert.Equal([(2, 11), (4, 0), (5, 128), (0xEA, 3), (0xFF, 300)], types);
    }

    [Fact]
    public void A_tlv_that_goes_beyond_the_end_is_refused()
    {
        byte[][] broken = [[1], [1, 0], [1, 0, 1], [1, 0, 2, 7], [1, 0xFF, 0xFF, 7], [.. Tlv(4, 1), 4, 0]];

        Assert.All(broken, tlvs => AssertInvalid("beyond the end", V2Inet(tlvs)));
        AssertInvalid("128 bytes", V2Inet(Tlv(5, new byte[129])));
    }

    [Fact]
    public void A_checksum_is_verified()
    {
        var zeros = Tlv(3, 0, 0, 0, 0);
        byte[][] headers = [V2Inet(zeros), V2Inet6([.. Tlv(2, 65), .. zeros, .. Tlv(0xE1, 1, 2, 3)]), V2(0x21, 0x31, [.. new byte[216], .. zeros])];
        foreach (var header in headers)
        {
            AssertInvalid("checksum is wrong", [.. header]);
            var valid = WithChecksum(header);
            Assert.Equal(ProxyHeaderStatus.Done, Read(valid).Status);
            for (var bit = 0; bit < 8 * 12; bit++)
            {
                // Of the addresses: elsewhere it may hide the checksum.
                byte[] flipped = [.. valid];
                flipped[16 + (bit / 8)] ^= (byte)(1 << (bit % 8));
                AssertInvalid("checksum is wrong", flipped);
            }
        }

        AssertInvalid("4 bytes", V2Inet(Tlv(3, 0, 0, 0)));
        AssertInvalid("two checksums", V2Inet([.. zeros, .. zeros]));
    }

    private static void AssertInvalid(string problem, byte[] bytes)
    {
        var result = Read(bytes);
        Assert.Equal(ProxyHeaderStatus.Invalid, result.Status);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }
}
