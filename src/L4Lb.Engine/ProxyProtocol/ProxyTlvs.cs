using System.Buffers.Binary;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>
/// The type-length-value vectors of a header of version 2 (proxy-protocol.txt, 2.2): one after the other, each a byte of
/// type, two of length and the value. Enumerates whole ones only. What is in a value is its reader's matter: all
/// types are kept, known or not.
/// </summary>
internal ref struct ProxyTlvs(ReadOnlySpan<byte> block)
{
    /// <summary>CRC-32C of the whole header, with zeros in its own place (2.2.3).</summary>
    internal const byte Crc32CType = 0x03;

    /// <summary>An opaque name of the connection (2.2.5).</summary>
    internal const byte UniqueIdType = 0x05;

    /// <summary>Bytes of type and length.</summary>
    internal const int PreambleBytes = 3;

    private const int Crc32CBytes = 4;
    private const int UniqueIdMostBytes = 128;

    private readonly ReadOnlySpan<byte> _block = block;
    private int _next;

    /// <summary>Where the current value begins in the block.</summary>
    internal int ValueStart { get; private set; }

    /// <summary>The current type.</summary>
    internal readonly byte Type => _block[ValueStart - PreambleBytes];

    /// <summary>The current value.</summary>
    internal readonly ReadOnlySpan<byte> Value => _block[ValueStart.._next];

    /// <summary>The current vector as it is in the block.</summary>
    internal readonly ReadOnlySpan<byte> Vector => _block[(ValueStart - PreambleBytes).._next];

    /// <summary>Everything was named.</summary>
    internal readonly bool IsAtEnd => _next == _block.Length;

    /// <summary>Goes to the next vector. False at the end, and when what is left is not a whole one.</summary>
    internal bool MoveNext()
    {
        var left = _block[_next..];
        if (left.Length < PreambleBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(left[1..]);
        if (left.Length < PreambleBytes + length)
        {
            return false;
        }

        ValueStart = _next + PreambleBytes;
        _next = ValueStart + length;
        return true;
    }

    /// <summary>What is wrong with <paramref name="tlvs"/>, the end of <paramref name="header"/>; null when nothing is.</summary>
    internal static string? Problem(ReadOnlySpan<byte> header, ReadOnlySpan<byte> tlvs)
    {
        var checksumAt = -1;
        var vectors = new ProxyTlvs(tlvs);
        while (vectors.MoveNext())
        {
            switch (vectors.Type)
            {
                case Crc32CType when vectors.Value.Length != Crc32CBytes:
                    return "the checksum does not have 4 bytes";
                case Crc32CType when checksumAt >= 0:
                    return "there are two checksums";
                case Crc32CType:
                    checksumAt = header.Length - tlvs.Length + vectors.ValueStart;
                    break;
                case UniqueIdType when vectors.Value.Length > UniqueIdMostBytes:
                    return "the unique ID is longer than 128 bytes";
            }
        }

        if (!vectors.IsAtEnd)
        {
            return "a TLV goes beyond the end of the header";
        }

        return checksumAt >= 0 && !HasChecksum(header, checksumAt) ? "the checksum is wrong" : null;
    }

    private static bool HasChecksum(ReadOnlySpan<byte> header, int at)
    {
        var checksum = new Crc32C();
        checksum.Append(header[..at]);
        checksum.Append([0, 0, 0, 0]);
        checksum.Append(header[(at + Crc32CBytes)..]);
        return checksum.Value == BinaryPrimitives.ReadUInt32BigEndian(header[at..]);
    }
}
