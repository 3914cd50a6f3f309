using System.Buffers.Binary;
using System.Net;

namespace L4Lb.SystemTests.Support;

/// <summary>A frame that a host sent. Read here from the RFCs once more, and not with the program's own eyes.</summary>
/// <param name="At">Time since the capture began.</param>
/// <param name="Host">Who sent it.</param>
/// <param name="Bytes">The frame, as far as its headers go.</param>
internal sealed record CapturedFrame(TimeSpan At, NetworkNamespace Host, byte[] Bytes)
{
    private ushort EtherType => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(12));

    private bool IsArp => EtherType == 0x0806 && Bytes.Length >= 42;

    /// <summary>Neither has extension headers here.</summary>
    private bool IsNeighbourDiscovery(byte type) => EtherType == 0x86DD && Bytes.Length >= 78 && Bytes[20] == 58 && Bytes[54] == type;

    /// <summary>Asks whether anybody has the address, in nobody's name.</summary>
    public bool IsProbeFor(IPAddress address) =>
        (IsArp && Bytes[21] == 1 && Ip(28, 4).Equals(IPAddress.Any) && Ip(38, 4).Equals(address))
        || (IsNeighbourDiscovery(135) && Ip(22, 16).Equals(IPAddress.IPv6Any) && Ip(62, 16).Equals(address));

    /// <summary>Tells everybody that the address is the sender's.</summary>
    public bool IsAnnouncementOf(IPAddress address) =>
        (IsArp && Bytes[0] == 0xFF && Ip(28, 4).Equals(address) && Ip(38, 4).Equals(address))
        || (IsNeighbourDiscovery(136) && Bytes[0] == 0x33 && Ip(62, 16).Equals(address));

    /// <summary>An ARP announcement in the form of a reply; the other form is a request.</summary>
    public bool IsReply => IsArp && Bytes[21] == 2;

    /// <summary>Says, asked or not, that the address is the sender's.</summary>
    public bool Claims(IPAddress address) =>
        (IsArp && Ip(28, 4).Equals(address)) || (IsNeighbourDiscovery(136) && Ip(62, 16).Equals(address));

    /// <summary>Says in whatever way that the address is the sender's: tells, answers, or sends from it.</summary>
    public bool SpeaksFor(IPAddress address) =>
        Claims(address)
        || (EtherType == 0x0800 && Bytes.Length >= 34 && Ip(26, 4).Equals(address))
        || (EtherType == 0x86DD && Bytes.Length >= 54 && Ip(22, 16).Equals(address));

    private IPAddress Ip(int offset, int length) => new(Bytes.AsSpan(offset, length));
}
