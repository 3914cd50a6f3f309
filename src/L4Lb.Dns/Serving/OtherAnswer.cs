using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Serving;

/// <summary>What another server had to say of a name. Immutable.</summary>
/// <param name="Code">How the question fared there.</param>
/// <param name="Records">The addresses, and the names on the way to them, in its order.</param>
internal sealed record OtherAnswer(
    ResponseCode Code, IReadOnlyList<(byte[] Owner, RecordType Type, uint Ttl, RecordData Data)> Records)
{
    // More would not fit an answer by UDP, and nobody has so many.
    private const int RecordsMost = 64;

    /// <summary>Nobody answered.</summary>
    internal static OtherAnswer None { get; } = new(ResponseCode.ServerFailure, []);

    /// <summary>Reads an answer; <see cref="None"/> when it is none.</summary>
    internal static OtherAnswer Read(ReadOnlySpan<byte> message)
    {
        Span<byte> name = stackalloc byte[DnsName.WireBytesMax];
        if (message.Length < DnsHeader.Bytes)
        {
            return None;
        }

        var header = DnsHeader.Read(message);
        var reader = new MessageReader(message, DnsHeader.Bytes);
        for (var i = 0; i < header.Questions; i++)
        {
            if (!reader.TryReadName(name, out _) || !reader.TryReadUInt32(out _))
            {
                return None;
            }
        }

        var records = new List<(byte[], RecordType, uint, RecordData)>();
        for (var i = 0; i < Math.Min((int)header.Answers, RecordsMost); i++)
        {
            if (!reader.TryReadRecord(name, out var record))
            {
                return None;
            }

            if (DataOf(message, record) is { } data)
            {
                records.Add((name[..record.OwnerLength].ToArray(), record.Type, record.Ttl, data));
            }
        }

        var code = header.ResponseCode is ResponseCode.NoError or ResponseCode.NameError ? header.ResponseCode : ResponseCode.ServerFailure;
        return new OtherAnswer(code, records);
    }

    private static RecordData? DataOf(ReadOnlySpan<byte> message, in ResourceRecord record)
    {
        Span<byte> target = stackalloc byte[DnsName.WireBytesMax];
        var data = new MessageReader(message, record.DataOffset);
        return (record.Type, record.DataLength) switch
        {
            (RecordType.A, 4) or (RecordType.AAAA, 16) => new RawData(message.Slice(record.DataOffset, record.DataLength).ToArray()),
            (RecordType.CNAME, _) when data.TryReadName(target, out var length) => new NameData(DnsName.FromWire(target[..length])),
            _ => null,
        };
    }
}
