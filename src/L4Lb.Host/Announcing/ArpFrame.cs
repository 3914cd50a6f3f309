using System.Buffers.Binary;
using System.Net;
using L4Lb.Engine.Interop;

namespace L4Lb.Host.Announcing;

/// <summary>Ethernet frames of ARP for IPv4 (RFC 826) as address conflict detection uses them (RFC 5227). Pure.</summary>
internal static class ArpFrame
{
    /// <summary>Bytes of a frame; what an Ethernet wants more the driver fills up.</summary>
    public const int Size = 42;

    private const ushort EtherType = 0x0806;

    // Ethernet, IPv4, six and four bytes of address: the first eight bytes of the packet but for the operation.
    private const ulong Kind = 0x0001_0800_0604;
    private const ushort Request = 1;
    private const ushort Reply = 2;

    private const int EtherTypeOffset = 12;
    private const int KindOffset = 14;
    private const int OperationOffset = 20;
    private const int SenderOffset = 22;
    private const int SenderAddressOffset = 28;
    private const int TargetOffset = 32;
    private const int TargetAddressOffset = 38;

    /// <summary>Asks who has <paramref name="address"/>, without saying that it is ours: nobody's table changes.</summary>
    public static byte[] Probe(HardwareAddress self, IPAddress address) => Build(self, Request, IPAddress.Any, default, address);

    /// <summary>Says that <paramref name="address"/> is ours, as a request: what RFC 5227 wants.</summary>
    public static byte[] Announcement(HardwareAddress self, IPAddress address) => Build(self, Request, address, default, address);

    /// <summary>Says the same as a reply that nobody asked for: all that some devices learn from.</summary>
    public static byte[] GratuitousReply(HardwareAddress self, IPAddress address) =>
        Build(self, Reply, address, HardwareAddress.Broadcast, address);

    /// <summary>Reads what a frame says about an address; null when nothing.</summary>
    public static Claim? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Size
            || BinaryPrimitives.ReadUInt16BigEndian(frame[EtherTypeOffset..]) != EtherType
            || BinaryPrimitives.ReadUInt64BigEndian(frame[KindOffset..]) >> 16 != Kind)
        {
            return null;
        }

        var operation = BinaryPrimitives.ReadUInt16BigEndian(frame[OperationOffset..]);
        var sender = HardwareAddress.Read(frame[SenderOffset..]);
        var address = new IPAddress(frame[SenderAddressOffset..TargetOffset]);
        return address.Equals(IPAddress.Any)
            ? operation == Request ? new Claim(new IPAddress(frame[TargetAddressOffset..Size]), sender, IsProbe: true) : null
            : new Claim(address, sender, IsProbe: false);
    }

    private static byte[] Build(
        HardwareAddress self, ushort operation, IPAddress senderAddress, HardwareAddress target, IPAddress targetAddress)
    {
        var frame = new byte[Size];
        HardwareAddress.Broadcast.Write(frame);
        self.Write(frame.AsSpan(HardwareAddress.Size));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(EtherTypeOffset), EtherType);
        BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(KindOffset), (Kind << 16) | operation);
        self.Write(frame.AsSpan(SenderOffset));
        senderAddress.TryWriteBytes(frame.AsSpan(SenderAddressOffset), out _);
        target.Write(frame.AsSpan(TargetOffset));
        targetAddress.TryWriteBytes(frame.AsSpan(TargetAddressOffset), out _);
        return frame;
    }
}
