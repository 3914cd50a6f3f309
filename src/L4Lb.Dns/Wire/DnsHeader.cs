using System.Buffers.Binary;

namespace L4Lb.Dns.Wire;

/// <summary>The first twelve bytes of a message (RFC 1035 §4.1.1).</summary>
/// <param name="Id">Whose answer it is.</param>
/// <param name="Flags">What it is and how it fared.</param>
/// <param name="Questions">Number of questions.</param>
/// <param name="Answers">Number of records that answer.</param>
/// <param name="Authorities">Number of records that say who is responsible.</param>
/// <param name="Additionals">Number of further records.</param>
internal readonly record struct DnsHeader(
    ushort Id, HeaderFlags Flags, ushort Questions, ushort Answers, ushort Authorities, ushort Additionals)
{
    internal const int Bytes = 12;

    /// <summary>What kind of question it is: 0 is the usual.</summary>
    internal int Opcode => ((ushort)Flags >> 11) & 0xF;

    internal ResponseCode ResponseCode => (ResponseCode)((ushort)Flags & 0xF);

    /// <summary>Whether all of <paramref name="flags"/> are set.</summary>
    internal bool Has(HeaderFlags flags) => (Flags & flags) == flags;

    /// <summary>Number of all records that are no question.</summary>
    internal int Records => Answers + Authorities + Additionals;

    /// <summary>Reads the header of a message that has at least <see cref="Bytes"/>.</summary>
    internal static DnsHeader Read(ReadOnlySpan<byte> message) => new(
        BinaryPrimitives.ReadUInt16BigEndian(message),
        (HeaderFlags)BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
        BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
        BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
        BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
        BinaryPrimitives.ReadUInt16BigEndian(message[10..]));

    /// <summary>Writes it to the beginning of a message.</summary>
    internal void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, Id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], Questions);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], Answers);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], Authorities);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], Additionals);
    }
}

/// <summary>Flags of a header (RFC 1035 §4.1.1, RFC 4035 §3.2).</summary>
[Flags]
internal enum HeaderFlags : ushort
{
    None = 0,

    /// <summary>Checking disabled (RFC 4035): goes back as it came.</summary>
    CheckingDisabled = 0x0010,

    /// <summary>The server asks others for the client.</summary>
    RecursionAvailable = 0x0080,

    /// <summary>The client wants that.</summary>
    RecursionDesired = 0x0100,

    /// <summary>There was more than fits.</summary>
    Truncated = 0x0200,

    /// <summary>The server is responsible for the name.</summary>
    Authoritative = 0x0400,

    /// <summary>It is an answer.</summary>
    Response = 0x8000,

    /// <summary>The bits of the opcode.</summary>
    OpcodeMask = 0x7800,
}
