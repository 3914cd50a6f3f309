using System.Buffers.Binary;
using System.Net;
using L4Lb.Engine.Interop;

namespace L4Lb.Host.Announcing;

/// <summary>
/// Ethernet frames of neighbour discovery (RFC 4861 §4.3, §4.4) as duplicate address detection (RFC 4862 §5.4) and
/// those who take an address over use them. Pure.
/// </summary>
internal static class NeighbourFrame
{
    private const ushort EtherType = 0x86DD;
    private const byte IcmpV6 = 58;
    private const byte Solicitation = 135;
    private const byte Advertisement = 136;

    /// <summary>Whoever gets another hop limit knows that the packet is from elsewhere (RFC 4861 §6.1.1).</summary>
    private const byte HopLimit = 255;

    /// <summary>Forget what you knew of the address.</summary>
    private const byte Override = 0x20;

    private const byte TargetLinkLayerAddress = 2;

    private const int EtherTypeOffset = 12;
    private const int HeaderOffset = 14;
    private const int PayloadLengthOffset = HeaderOffset + 4;
    private const int NextHeaderOffset = HeaderOffset + 6;
    private const int HopLimitOffset = HeaderOffset + 7;
    private const int SourceOffset = HeaderOffset + 8;
    private const int DestinationOffset = HeaderOffset + 24;
    private const int MessageOffset = HeaderOffset + 40;
    private const int ChecksumOffset = MessageOffset + 2;
    private const int FlagsOffset = MessageOffset + 4;
    private const int TargetOffset = MessageOffset + 8;
    private const int OptionOffset = MessageOffset + 24;
    private const int OptionBytes = 8;

    private static readonly IPAddress s_allNodes = IPAddress.Parse("ff02::1");

    /// <summary>The group in which those are who have an address with the same last 24 bits (RFC 4291 §2.7.1).</summary>
    public static IPAddress GroupOf(IPAddress address)
    {
        byte[] group = [0xFF, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0, 0, 0];
        address.GetAddressBytes().AsSpan(13).CopyTo(group.AsSpan(13));
        return new IPAddress(group);
    }

    /// <summary>Asks who has <paramref name="address"/>, without saying that it is ours.</summary>
    public static byte[] Probe(HardwareAddress self, IPAddress address) =>
        Build(self, IPAddress.IPv6Any, GroupOf(address), Solicitation, 0, address, withOption: false);

    /// <summary>Says to everybody that <paramref name="address"/> is ours, whoever had it before.</summary>
    public static byte[] Announcement(HardwareAddress self, IPAddress address) =>
        Build(self, address, s_allNodes, Advertisement, Override, address, withOption: true);

    /// <summary>Reads what a frame says about an address; null when nothing.</summary>
    public static Claim? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < OptionOffset
            || BinaryPrimitives.ReadUInt16BigEndian(frame[EtherTypeOffset..]) != EtherType
            || frame[NextHeaderOffset] != IcmpV6
            || frame[HopLimitOffset] != HopLimit)
        {
            return null;
        }

        var sender = HardwareAddress.Read(frame[HardwareAddress.Size..]);
        var source = new IPAddress(frame[SourceOffset..DestinationOffset]);
        var target = new IPAddress(frame[TargetOffset..OptionOffset]);
        return frame[MessageOffset] switch
        {
            Solicitation when source.Equals(IPAddress.IPv6Any) => new Claim(target, sender, IsProbe: true),
            Solicitation => new Claim(source, sender, IsProbe: false), // It asks for somebody else, by the name of this address.
            Advertisement => new Claim(target, sender, IsProbe: false),
            _ => null,
        };
    }

    private static byte[] Build(
        HardwareAddress self, IPAddress source, IPAddress destination, byte type, byte flags, IPAddress target, bool withOption)
    {
        var frame = new byte[OptionOffset + (withOption ? OptionBytes : 0)];
        destination.TryWriteBytes(frame.AsSpan(DestinationOffset), out _);

        // RFC 2464 §7: a group's frames go to 33:33 and the last four bytes of the group.
        frame[0] = frame[1] = 0x33;
        frame.AsSpan(DestinationOffset + 12, 4).CopyTo(frame.AsSpan(2));
        self.Write(frame.AsSpan(HardwareAddress.Size));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(EtherTypeOffset), EtherType);
        frame[HeaderOffset] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(PayloadLengthOffset), (ushort)(frame.Length - MessageOffset));
        frame[NextHeaderOffset] = IcmpV6;
        frame[HopLimitOffset] = HopLimit;
        source.TryWriteBytes(frame.AsSpan(SourceOffset), out _);
        frame[MessageOffset] = type;
        frame[FlagsOffset] = flags;
        target.TryWriteBytes(frame.AsSpan(TargetOffset), out _);
        if (withOption)
        {
            frame[OptionOffset] = TargetLinkLayerAddress;
            frame[OptionOffset + 1] = OptionBytes / 8;
            self.Write(frame.AsSpan(OptionOffset + 2));
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(ChecksumOffset), Checksum(frame));
        return frame;
    }

    /// <summary>Over the message, and before it both addresses, its length and its protocol (RFC 4443 §2.3).</summary>
    private static ushort Checksum(ReadOnlySpan<byte> frame)
    {
        var sum = (uint)(frame.Length - MessageOffset) + IcmpV6;
        for (var words = frame[SourceOffset..]; words.Length > 0; words = words[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(words);
        }

        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
