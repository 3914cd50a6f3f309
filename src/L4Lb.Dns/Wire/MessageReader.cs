using System.Buffers.Binary;

namespace L4Lb.Dns.Wire;

/// <summary>
/// Walks over a message (RFC 1035 §4.1). Everything is checked against its end; each member says by false that the message
/// is not one, and the reader is of no use after that. Never throws for what the message holds.
/// </summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message, int offset)
{
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Where the next thing begins.</summary>
    internal int Offset { get; private set; } = offset;

    internal bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (_message.Length - Offset < sizeof(ushort))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(_message[Offset..]);
        Offset += sizeof(ushort);
        return true;
    }

    internal bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (_message.Length - Offset < sizeof(uint))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt32BigEndian(_message[Offset..]);
        Offset += sizeof(uint);
        return true;
    }

    /// <summary>
    /// Reads a name into <paramref name="name"/>, which has room for <see cref="DnsName.WireBytesMax"/> bytes, in lower case.
    /// </summary>
    /// <remarks>
    /// A pointer must lead to before the name's own beginning, and each further one to before that (RFC 1035 §4.1.4: "a prior
    /// occurrence"). So there is no loop, and no message takes long: that is what CVE-2020-8617 and its kin were about.
    /// </remarks>
    internal bool TryReadName(scoped Span<byte> name, out int length)
    {
        length = 0;
        var at = Offset;
        var before = Offset;
        var jumped = false;
        while (at < _message.Length)
        {
            var size = _message[at];
            if ((size & 0xC0) == 0xC0)
            {
                if (at + 1 >= _message.Length)
                {
                    return false;
                }

                var target = ((size & 0x3F) << 8) | _message[at + 1];
                Offset = jumped ? Offset : at + 2;
                jumped = true;
                if (target >= before)
                {
                    return false;
                }

                before = at = target;
                continue;
            }

            if ((size & 0xC0) != 0 || at + 1 + size > _message.Length || length + 1 + size > DnsName.WireBytesMax)
            {
                return false;
            }

            name[length] = size;
            Lower(_message.Slice(at + 1, size), name[(length + 1)..]);
            length += size + 1;
            at += size + 1;
            if (size == 0)
            {
                Offset = jumped ? Offset : at;
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the beginning of a record, whose data lies in the message from <see cref="ResourceRecord.DataOffset"/> on.</summary>
    internal bool TryReadRecord(scoped Span<byte> owner, out ResourceRecord record)
    {
        record = default;
        if (!TryReadName(owner, out var ownerLength) || !TryReadUInt16(out var type) || !TryReadUInt16(out var recordClass)
            || !TryReadUInt32(out var ttl) || !TryReadUInt16(out var length) || _message.Length - Offset < length)
        {
            return false;
        }

        record = new ResourceRecord(ownerLength, (RecordType)type, recordClass, ttl, Offset, length);
        Offset += length;
        return true;
    }

    private static void Lower(ReadOnlySpan<byte> label, Span<byte> into)
    {
        for (var i = 0; i < label.Length; i++)
        {
            into[i] = label[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(label[i] | 0x20) : label[i];
        }
    }
}

/// <summary>The beginning of a record in a message.</summary>
/// <param name="OwnerLength">Bytes of its owner's name, which was read apart.</param>
/// <param name="Type">What it is about.</param>
/// <param name="Class">1 for the internet; for <see cref="RecordType.OPT"/> the sender's payload size.</param>
/// <param name="Ttl">How long it may be kept, in seconds.</param>
/// <param name="DataOffset">Where its data begins.</param>
/// <param name="DataLength">Bytes of its data.</param>
internal readonly record struct ResourceRecord(
    int OwnerLength, RecordType Type, ushort Class, uint Ttl, int DataOffset, int DataLength);
