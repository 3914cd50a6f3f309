namespace L4Lb.Dns.Wire;

/// <summary>What became of reading a question.</summary>
internal enum QuestionFault
{
    /// <summary>It was read.</summary>
    None,

    /// <summary>It is no question at all, and an answer could go in circles.</summary>
    NotAQuestion,

    /// <summary>It cannot be read.</summary>
    Malformed,

    /// <summary>It is of a kind that is not answered.</summary>
    NotImplemented,
}

/// <summary>A question as it came, read in place. Valid as long as the message and the buffer for its name.</summary>
internal readonly ref struct DnsQuestion
{
    private const ushort InternetClass = 1;
    private const ushort AnyClass = 255;

    internal DnsHeader Header { get; private init; }

    /// <summary>The section as it came, to be given back byte for byte: clients check the case (draft-vixie-dnsext-dns0x20).</summary>
    internal ReadOnlySpan<byte> Section { get; private init; }

    /// <summary>The name, complete and in lower case.</summary>
    internal ReadOnlySpan<byte> Name { get; private init; }

    internal RecordType Type { get; private init; }

    /// <summary>Whether it is about the internet.</summary>
    internal bool IsInternet { get; private init; }

    /// <summary>What the client can do.</summary>
    internal Edns Edns { get; private init; }

    /// <summary>Reads the question of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="name">Room for <see cref="DnsName.WireBytesMax"/> bytes of its name.</param>
    /// <param name="question">What was asked; with a fault, the header alone if that could be read.</param>
    internal static QuestionFault Read(ReadOnlySpan<byte> message, Span<byte> name, out DnsQuestion question)
    {
        question = default;
        if (message.Length < DnsHeader.Bytes)
        {
            return QuestionFault.NotAQuestion;
        }

        var header = DnsHeader.Read(message);
        question = new DnsQuestion { Header = header, Edns = Edns.Unknown };
        if (header.Has(HeaderFlags.Response))
        {
            return QuestionFault.NotAQuestion;
        }

        if (header.Opcode != 0)
        {
            return QuestionFault.NotImplemented;
        }

        var reader = new MessageReader(message, DnsHeader.Bytes);
        if (header.Questions != 1 || !reader.TryReadName(name, out var length)
            || reader.Offset != DnsHeader.Bytes + length // A pointer: before it is the header alone, which is another in the answer.
            || !reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var questionClass) || type == (ushort)RecordType.OPT)
        {
            return QuestionFault.Malformed;
        }

        var end = reader.Offset;
        var isReadable = Edns.TryRead(header, ref reader, out var edns);
        question = new DnsQuestion
        {
            Header = header,
            Section = message.Slice(DnsHeader.Bytes, end - DnsHeader.Bytes),
            Name = name[..length],
            Type = (RecordType)type,
            IsInternet = questionClass is InternetClass or AnyClass,
            Edns = edns,
        };
        return isReadable ? QuestionFault.None : QuestionFault.Malformed;
    }
}
