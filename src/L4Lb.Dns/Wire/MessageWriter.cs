using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace L4Lb.Dns.Wire;

/// <summary>
/// Writes a message into a buffer whose size is the most that the client takes. A record that does not fit leaves no trace.
/// Names that were there before are pointed at (RFC 1035 §4.1.4).
/// </summary>
internal ref struct MessageWriter
{
    // A pointer has 14 bits.
    private const int PointerMax = 0x3FFF;

    // Beginnings of labels to point at. A message with more names than that is large for other reasons.
    private const int KnownMost = 48;

    private readonly Span<byte> _buffer;
    private Known _known;
    private int _knownCount;
    private int _reserved;

    /// <summary>A message that begins with the question's header and section.</summary>
    /// <param name="buffer">Room for it, at least for the header.</param>
    /// <param name="section">The question as it came; empty when it could not be read.</param>
    internal MessageWriter(Span<byte> buffer, ReadOnlySpan<byte> section)
    {
        _buffer = buffer;
        Length = DnsHeader.Bytes;
        if (section.Length > 0)
        {
            Remember(section);
            section.CopyTo(buffer[Length..]);
            Length += section.Length;
        }
    }

    /// <summary>Bytes so far.</summary>
    internal int Length { get; private set; }

    /// <summary>Keeps <paramref name="bytes"/> free for what must come last; 0 gives them back.</summary>
    internal void Reserve(int bytes) => _reserved = bytes;

    /// <summary>Writes a record; false, and nothing was written, when it does not fit.</summary>
    internal bool TryWrite(scoped ReadOnlySpan<byte> owner, RecordType type, uint ttl, RecordData data)
    {
        const ushort Internet = 1;
        var (start, known) = (Length, _knownCount);
        if (TryWriteName(owner) && TryWriteUInt16((ushort)type) && TryWriteUInt16(Internet) && TryWriteUInt32(ttl) && TryWriteUInt16(0))
        {
            var at = Length;
            if (data.TryWrite(ref this))
            {
                BinaryPrimitives.WriteUInt16BigEndian(_buffer[(at - sizeof(ushort))..], (ushort)(Length - at));
                return true;
            }
        }

        (Length, _knownCount) = (start, known);
        return false;
    }

    /// <summary>Writes what this server can do by EDNS (RFC 6891 §6.1.2), into the room that was reserved for it.</summary>
    internal void WriteEdns(int payload, ResponseCode code)
    {
        _reserved = 0;
        var upper = (uint)code >> 4;
        _ = TryWriteBytes([0]) && TryWriteUInt16((ushort)RecordType.OPT) && TryWriteUInt16((ushort)payload)
            && TryWriteUInt32(upper << 24) && TryWriteUInt16(0);
    }

    internal bool TryWriteUInt16(ushort value)
    {
        if (!HasRoom(sizeof(ushort)))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], value);
        Length += sizeof(ushort);
        return true;
    }

    internal bool TryWriteUInt32(uint value)
    {
        if (!HasRoom(sizeof(uint)))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(_buffer[Length..], value);
        Length += sizeof(uint);
        return true;
    }

    internal bool TryWriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (!HasRoom(bytes.Length))
        {
            return false;
        }

        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
        return true;
    }

    /// <summary>Writes a name, pointing at as much of it as the message has already.</summary>
    internal bool TryWriteName(scoped ReadOnlySpan<byte> name)
    {
        for (var at = 0; name[at] != 0; at += name[at] + 1)
        {
            if (Find(name[at..]) is var pointer and > 0)
            {
                return TryWriteUInt16((ushort)(0xC000 | pointer));
            }

            var label = name.Slice(at, name[at] + 1);
            if (_knownCount < KnownMost && Length <= PointerMax)
            {
                _known[_knownCount++] = (ushort)Length;
            }

            if (!TryWriteBytes(label))
            {
                return false;
            }
        }

        return TryWriteBytes([0]);
    }

    private readonly bool HasRoom(int bytes) => Length + bytes <= _buffer.Length - _reserved;

    /// <summary>Notes the labels of the question's name, which stands uncompressed behind the header.</summary>
    private void Remember(ReadOnlySpan<byte> section)
    {
        for (var at = 0; section[at] is > 0 and <= DnsName.LabelBytesMax && _knownCount < KnownMost; at += section[at] + 1)
        {
            _known[_knownCount++] = (ushort)(DnsHeader.Bytes + at);
        }
    }

    /// <summary>Where the message has <paramref name="name"/>; 0 when it does not.</summary>
    private readonly int Find(scoped ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _knownCount; i++)
        {
            if (IsAt(_known[i], name))
            {
                return _known[i];
            }
        }

        return 0;
    }

    /// <summary>Compares without regard to case, since the question's name has that of the client.</summary>
    private readonly bool IsAt(int at, scoped ReadOnlySpan<byte> name)
    {
        for (var i = 0; ; i += name[i] + 1, at += _buffer[at] + 1)
        {
            while ((_buffer[at] & 0xC0) == 0xC0)
            {
                at = BinaryPrimitives.ReadUInt16BigEndian(_buffer[at..]) & PointerMax;
            }

            if (_buffer[at] != name[i])
            {
                return false;
            }

            if (name[i] == 0)
            {
                return true;
            }

            if (!Ascii.EqualsIgnoreCase(_buffer.Slice(at + 1, name[i]), name.Slice(i + 1, name[i])))
            {
                return false;
            }
        }
    }

    [InlineArray(KnownMost)]
    private struct Known
    {
        private ushort _first;
    }
}
