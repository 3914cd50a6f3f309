using System.Buffers.Binary;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>Reads the binary header of version 2 (proxy-protocol.txt, 2.2). Pure.</summary>
internal static class ProxyHeaderV2
{
    /// <summary>Bytes before the addresses: signature, version and command, family and transport, length of the rest.</summary>
    internal const int PreambleBytes = 16;

    /// <summary>The version, in the upper half of byte 12.</summary>
    internal const byte Version = 0x20;

    /// <summary>Commands, in the lower half of byte 12.</summary>
    internal const byte LocalCommand = 0;
    internal const byte ProxyCommand = 1;

    /// <summary>Families, in the upper half of byte 13.</summary>
    internal const byte Inet = 0x10;
    internal const byte Inet6 = 0x20;
    internal const byte Unix = 0x30;

    /// <summary>Transports, in the lower half of byte 13.</summary>
    internal const byte Stream = 1;
    internal const byte Datagram = 2;

    /// <summary>Bytes of the addresses: two of 4 and two ports; two of 16 and two ports; two names of 108.</summary>
    internal const int InetBytes = 12;
    internal const int Inet6Bytes = 36;
    internal const int UnixBytes = 216;

    /// <summary>The first twelve bytes.</summary>
    internal static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads the header at the beginning of <paramref name="bytes"/>.</summary>
    internal static ProxyHeaderResult Read(ReadOnlySpan<byte> bytes)
    {
        if (!ProxyHeaderParser.MayBegin(bytes, Signature))
        {
            return ProxyHeaderResult.Invalid("the connection does not begin with the signature of either version");
        }

        if (ProblemOfPreamble(bytes[..Math.Min(bytes.Length, PreambleBytes)]) is { } problem)
        {
            return ProxyHeaderResult.Invalid(problem);
        }

        if (bytes.Length < PreambleBytes)
        {
            return ProxyHeaderResult.NeedMore;
        }

        var length = PreambleBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        return bytes.Length < length ? ProxyHeaderResult.NeedMore : ReadWhole(bytes[..length]);
    }

    /// <summary>Whatever can be wrong in the first 16 bytes, as soon as it is there: nobody has to wait for the rest.</summary>
    private static string? ProblemOfPreamble(ReadOnlySpan<byte> preamble)
    {
        if (preamble.Length > 12)
        {
            if ((preamble[12] & 0xF0) != Version)
            {
                return "the version after the signature is not 2";
            }

            if ((preamble[12] & 0x0F) > ProxyCommand)
            {
                return "the command is neither LOCAL nor PROXY";
            }
        }

        // A LOCAL header's family is to be ignored.
        var isProxy = preamble.Length > 12 && (preamble[12] & 0x0F) == ProxyCommand;
        if (isProxy && preamble.Length > 13)
        {
            if ((preamble[13] & 0xF0) > Unix)
            {
                return "the address family is none of UNSPEC, INET, INET6 and UNIX";
            }

            if ((preamble[13] & 0x0F) > Datagram)
            {
                return "the transport is none of UNSPEC, STREAM and DGRAM";
            }
        }

        if (preamble.Length == PreambleBytes)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(preamble[14..]);
            if (PreambleBytes + length > ProxyHeader.MostBytesV2)
            {
                return "the header is longer than 4096 bytes";
            }

            if (isProxy && length < AddressBytes(preamble[13]))
            {
                return "the header is shorter than its addresses";
            }
        }

        return null;
    }

    private static ProxyHeaderResult ReadWhole(ReadOnlySpan<byte> header)
    {
        if ((header[12] & 0x0F) == LocalCommand)
        {
            // The whole block is to be discarded, whatever is in it.
            return ProxyHeaderResult.Done(new ProxyHeader { Version = ProxyProtocolVersion.V2, IsLocal = true }, header.Length);
        }

        if (AddressBytes(header[13]) is not { } addressBytes)
        {
            // How much of the block is an address is not known, so neither is where TLVs begin.
            return ProxyHeaderResult.Done(new ProxyHeader { Version = ProxyProtocolVersion.V2 }, header.Length);
        }

        var tlvs = header[(PreambleBytes + addressBytes)..];
        if (ProxyTlvs.Problem(header, tlvs) is { } problem)
        {
            return ProxyHeaderResult.Invalid(problem);
        }

        return ProxyHeaderResult.Done(
            new ProxyHeader
            {
                Version = ProxyProtocolVersion.V2,
                Addresses = ReadAddresses(header[13], header[PreambleBytes..]),
                Tlvs = EquatableArray.Create(tlvs),
            },
            header.Length);
    }

    /// <summary>Bytes of the addresses; null when the family or the transport is unspecified.</summary>
    private static int? AddressBytes(byte family) => (family & 0x0F) == 0 ? null : (family & 0xF0) switch
    {
        Inet => InetBytes,
        Inet6 => Inet6Bytes,
        Unix => UnixBytes,
        _ => null,
    };

    /// <summary>The addresses of a TCP connection; null of anything else.</summary>
    private static ProxyAddresses? ReadAddresses(byte family, ReadOnlySpan<byte> block) => family switch
    {
        Inet | Stream => new(
            AddressKey.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(block), BinaryPrimitives.ReadUInt16BigEndian(block[8..])),
            AddressKey.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(block[4..]), BinaryPrimitives.ReadUInt16BigEndian(block[10..]))),
        Inet6 | Stream => new(
            new(BinaryPrimitives.ReadUInt128BigEndian(block), BinaryPrimitives.ReadUInt16BigEndian(block[32..])),
            new(BinaryPrimitives.ReadUInt128BigEndian(block[16..]), BinaryPrimitives.ReadUInt16BigEndian(block[34..]))),
        _ => null,
    };
}
