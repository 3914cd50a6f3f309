using System.Net;
using L4Lb.Engine.Interop;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>Byte by byte, from the RFCs; the checksums by their own test.</summary>
public sealed class FrameTests
{
    private static readonly HardwareAddress s_self = HardwareAddress.Read([0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE]);
    private static readonly IPAddress s_four = IPAddress.Parse("192.0.2.10");
    private static readonly IPAddress s_six = IPAddress.Parse("2001:db8::a:b0c");

    [Fact]
    public void An_arp_probe_says_nothing_of_the_sender() => Assert.Equal(
        "FFFFFFFFFFFF" + "02AABBCCDDEE" + "0806" + "0001080006040001" + "02AABBCCDDEE" + "00000000" + "000000000000" + "C000020A",
        Convert.ToHexString(ArpFrame.Probe(s_self, s_four)));

    [Fact]
    public void An_arp_announcement_asks_for_the_address_by_its_own_name() => Assert.Equal(
        "FFFFFFFFFFFF" + "02AABBCCDDEE" + "0806" + "0001080006040001" + "02AABBCCDDEE" + "C000020A" + "000000000000" + "C000020A",
        Convert.ToHexString(ArpFrame.Announcement(s_self, s_four)));

    [Fact]
    public void A_gratuitous_reply_answers_everybody() => Assert.Equal(
        "FFFFFFFFFFFF" + "02AABBCCDDEE" + "0806" + "0001080006040002" + "02AABBCCDDEE" + "C000020A" + "FFFFFFFFFFFF" + "C000020A",
        Convert.ToHexString(ArpFrame.GratuitousReply(s_self, s_four)));

    [Fact]
    public void A_neighbour_probe_comes_from_nobody_and_goes_to_the_solicited_group() => Assert.Equal(
        "3333FF0A0B0C" + "02AABBCCDDEE" + "86DD" + "6000000000183AFF"
        + "00000000000000000000000000000000" + "FF0200000000000000000001FF0A0B0C"
        + "8700" + "----" + "00000000" + "20010DB80000000000000000000A0B0C",
        Blank(Convert.ToHexString(NeighbourFrame.Probe(s_self, s_six)), 112));

    [Fact]
    public void A_neighbour_announcement_overrides_and_goes_to_all() => Assert.Equal(
        "333300000001" + "02AABBCCDDEE" + "86DD" + "6000000000203AFF"
        + "20010DB80000000000000000000A0B0C" + "FF020000000000000000000000000001"
        + "8800" + "----" + "20000000" + "20010DB80000000000000000000A0B0C" + "0201" + "02AABBCCDDEE",
        Blank(Convert.ToHexString(NeighbourFrame.Announcement(s_self, s_six)), 112));

    [Fact]
    public void Checksums_come_out_even()
    {
        Assert.Equal(0, Sum(NeighbourFrame.Probe(s_self, s_six)));
        Assert.Equal(0, Sum(NeighbourFrame.Announcement(s_self, s_six)));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.Equal(new Claim(s_four, s_self, IsProbe: true), ArpFrame.Read(ArpFrame.Probe(s_self, s_four)));
        Assert.Equal(new Claim(s_four, s_self, IsProbe: false), ArpFrame.Read(ArpFrame.Announcement(s_self, s_four)));
        Assert.Equal(new Claim(s_four, s_self, IsProbe: false), ArpFrame.Read(ArpFrame.GratuitousReply(s_self, s_four)));
        Assert.Equal(new Claim(s_six, s_self, IsProbe: true), NeighbourFrame.Read(NeighbourFrame.Probe(s_self, s_six)));
        Assert.Equal(new Claim(s_six, s_self, IsProbe: false), NeighbourFrame.Read(NeighbourFrame.Announcement(s_self, s_six)));
    }

    [Fact]
    public void Who_asks_for_somebody_else_claims_the_address_that_it_asks_by()
    {
        var question = ArpFrame.Announcement(s_self, s_four);
        IPAddress.Parse("192.0.2.1").GetAddressBytes().CopyTo(question.AsSpan(38)); // Who has .1? Tell .10.
        Assert.Equal(new Claim(s_four, s_self, IsProbe: false), ArpFrame.Read(question));

        var solicitation = NeighbourFrame.Probe(s_self, IPAddress.Parse("2001:db8::1"));
        s_six.GetAddressBytes().CopyTo(solicitation.AsSpan(22));
        Assert.Equal(new Claim(s_six, s_self, IsProbe: false), NeighbourFrame.Read(solicitation));
    }

    [Fact]
    public void What_is_something_else_or_from_elsewhere_is_passed_over()
    {
        Assert.Null(NeighbourFrame.Read(ArpFrame.Probe(s_self, s_four)));
        Assert.Null(ArpFrame.Read(NeighbourFrame.Probe(s_self, s_six)));

        var routed = NeighbourFrame.Announcement(s_self, s_six);
        routed[21] = 254; // It crossed a router, so it is forged.
        Assert.Null(NeighbourFrame.Read(routed));

        var answerToAProbe = ArpFrame.Probe(s_self, s_four);
        answerToAProbe[21] = 2; // A reply in nobody's name.
        Assert.Null(ArpFrame.Read(answerToAProbe));

        var ping = NeighbourFrame.Probe(s_self, s_six);
        ping[54] = 128;
        Assert.Null(NeighbourFrame.Read(ping));
    }

    [Fact]
    public void Whatever_is_cut_off_is_passed_over()
    {
        var arp = ArpFrame.Announcement(s_self, s_four);
        var neighbour = NeighbourFrame.Probe(s_self, s_six);
        Assert.All(Enumerable.Range(0, arp.Length), length => Assert.Null(ArpFrame.Read(arp.AsSpan(0, length))));
        Assert.All(Enumerable.Range(0, neighbour.Length), length => Assert.Null(NeighbourFrame.Read(neighbour.AsSpan(0, length))));
    }

    [Theory]
    [InlineData("2001:db8::1", "ff02::1:ff00:1")]
    [InlineData("fd00::1234:5678:9abc:def0", "ff02::1:ffbc:def0")]
    public void The_group_has_the_last_24_bits(string address, string group) =>
        Assert.Equal(IPAddress.Parse(group), NeighbourFrame.GroupOf(IPAddress.Parse(address)));

    private static string Blank(string hex, int at) => $"{hex[..at]}----{hex[(at + 4)..]}";

    /// <summary>The sum of RFC 1071 over all that ICMPv6 sums, the checksum included; written apart from the code's.</summary>
    private static int Sum(byte[] frame)
    {
        byte[] covered = [.. frame[22..54], 0, 0, 0, (byte)(frame.Length - 54), 0, 0, 0, 58, .. frame[54..]];
        var sum = covered.Chunk(2).Sum(pair => (pair[0] << 8) + pair[1]);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return ((sum & 0xFFFF) + (sum >> 16)) ^ 0xFFFF;
    }
}
