using System.Buffers.Binary;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>Writes a PROXY protocol header into a caller's memory. Pure; allocates nothing.</summary>
internal static class ProxyHeaderWriter
{
    /// <summary>
    /// Room that any header needs, without TLVs: the longest line of version 1 (version 2 takes 52 bytes at most).
    /// </summary>
    internal const int MostBytesWithoutTlvs = ProxyHeader.MostBytesV1;

    /// <summary>Writes the header of <paramref name="version"/> and returns its length.</summary>
    /// <param name="target">Where to; <see cref="MostBytesWithoutTlvs"/> and the TLVs have to fit.</param>
    /// <param name="version">The version; none writes nothing.</param>
    /// <param name="addresses">Between whom the connection is.</param>
    /// <param name="tlvs">
    /// TLVs of an accepted header to pass on, in version 2 alone. A checksum is left out: it was that header's.
    /// </param>
    internal static int Write(
        Span<byte> target, ProxyProtocolVersion version, in ProxyAddresses addresses, ReadOnlySpan<byte> tlvs = default) => version switch
        {
            ProxyProtocolVersion.V1 => WriteV1(target, addresses),
            ProxyProtocolVersion.V2 => WriteV2(target, addresses, tlvs),
            _ => 0,
        };

    /// <summary>
    /// Writes the header that says whose datagram comes after it, in version 2: version 1 knows none. Returns its length, at
    /// most <see cref="MostBytesWithoutTlvs"/>.
    /// </summary>
    internal static int WriteDatagram(Span<byte> target, in ProxyAddresses addresses)
    {
        var length = WriteV2(target, addresses, default);
        target[13] = (byte)((target[13] & 0xF0) | ProxyHeaderV2.Datagram);
        return length;
    }

    private static int WriteV1(Span<byte> target, in ProxyAddresses addresses)
    {
        var isIPv6 = !addresses.AreIPv4;
        var line = isIPv6 ? "PROXY TCP6 "u8 : "PROXY TCP4 "u8;
        line.CopyTo(target);
        var length = line.Length;
        length += ProxyAddressText.Write(target[length..], addresses.Source, isIPv6);
        target[length++] = (byte)' ';
        length += ProxyAddressText.Write(target[length..], addresses.Destination, isIPv6);
        target[length++] = (byte)' ';
        length += ProxyAddressText.WriteNumber(target[length..], addresses.Source.Port);
        target[length++] = (byte)' ';
        length += ProxyAddressText.WriteNumber(target[length..], addresses.Destination.Port);
        "\r\n"u8.CopyTo(target[length..]);
        return length + 2;
    }

    private static int WriteV2(Span<byte> target, in ProxyAddresses addresses, ReadOnlySpan<byte> tlvs)
    {
        ProxyHeaderV2.Signature.CopyTo(target);
        target[12] = ProxyHeaderV2.Version | ProxyHeaderV2.ProxyCommand;
        var block = target[ProxyHeaderV2.PreambleBytes..];
        int ports;
        if (addresses.AreIPv4)
        {
            target[13] = ProxyHeaderV2.Inet | ProxyHeaderV2.Stream;
            BinaryPrimitives.WriteUInt32BigEndian(block, (uint)addresses.Source.Address);
            BinaryPrimitives.WriteUInt32BigEndian(block[4..], (uint)addresses.Destination.Address);
            ports = 8;
        }
        else
        {
            target[13] = ProxyHeaderV2.Inet6 | ProxyHeaderV2.Stream;
            BinaryPrimitives.WriteUInt128BigEndian(block, addresses.Source.Address);
            BinaryPrimitives.WriteUInt128BigEndian(block[16..], addresses.Destination.Address);
            ports = 32;
        }

        BinaryPrimitives.WriteUInt16BigEndian(block[ports..], addresses.Source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(block[(ports + 2)..], addresses.Destination.Port);
        var length = ports + 4;
        var vectors = new ProxyTlvs(tlvs);
        while (vectors.MoveNext())
        {
            if (vectors.Type != ProxyTlvs.Crc32CType)
            {
                vectors.Vector.CopyTo(block[length..]);
                length += vectors.Vector.Length;
            }
        }

        BinaryPrimitives.WriteUInt16BigEndian(target[14..], (ushort)length);
        return ProxyHeaderV2.PreambleBytes + length;
    }
}
