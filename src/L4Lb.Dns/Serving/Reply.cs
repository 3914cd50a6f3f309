using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;

namespace L4Lb.Dns.Serving;

/// <summary>An answer in the making: the sections, what did not fit, and the header that comes last.</summary>
internal ref struct Reply
{
    // An OPT record without options.
    private const int EdnsBytes = 11;

    private readonly DnsQuestion _question;
    private readonly Span<byte> _answer;
    private readonly int _most;
    private MessageWriter _writer;
    private ushort _answers;
    private ushort _authorities;
    private ushort _additionals;

    internal Reply(DnsQuestion question, Span<byte> answer, int most)
    {
        _question = question;
        _answer = answer;
        _most = most;
        _writer = new MessageWriter(answer[..most], question.Section);
        _writer.Reserve(question.Edns.IsKnown ? EdnsBytes : 0);
    }

    /// <summary>This server asks others for its clients.</summary>
    internal bool AsksOthers { private get; init; }

    /// <summary>The name is this server's own.</summary>
    internal bool IsAuthoritative { private get; set; }

    /// <summary>There is more than fits.</summary>
    internal bool IsTruncated { private get; set; }

    /// <summary>Adds the records of a set to the answer, beginning with another one each time.</summary>
    internal void Answer(ReadOnlySpan<byte> owner, RecordSet set, uint turn)
    {
        var count = set.Data.Count;
        var first = (int)(turn % (uint)count);
        for (var i = 0; i < count && !IsTruncated; i++)
        {
            Answer(owner, set.Type, set.Ttl, set.Data[first + i < count ? first + i : first + i - count]);
        }
    }

    /// <summary>Adds a record to the answer.</summary>
    internal void Answer(ReadOnlySpan<byte> owner, RecordType type, uint ttl, RecordData data)
    {
        if (_writer.TryWrite(owner, type, ttl, data))
        {
            _answers++;
        }
        else
        {
            IsTruncated = true;
        }
    }

    /// <summary>Adds a zone's SOA: how long it may be kept that something is not there (RFC 2308 §3).</summary>
    internal void Deny(Zone zone)
    {
        if (_writer.TryWrite(zone.Origin.Wire, RecordType.SOA, zone.Start.Ttl, zone.Start.Data[0]))
        {
            _authorities++;
        }
    }

    /// <summary>Adds records that the client is likely to ask for next, if they fit.</summary>
    internal void Suggest(ReadOnlySpan<byte> owner, RecordSet? set)
    {
        foreach (var data in set?.Data ?? [])
        {
            if (IsTruncated || !_writer.TryWrite(owner, set!.Type, set.Ttl, data))
            {
                return;
            }

            _additionals++;
        }
    }

    /// <summary>Writes what comes last; returns the length of the whole.</summary>
    internal int Finish(ResponseCode code)
    {
        if (_question.Edns.IsKnown)
        {
            _writer.WriteEdns(DnsResponder.DatagramMax, code);
            _additionals++;
        }

        // What came before the flags were known is given back: opcode, RD and CD (RFC 1035 §4.1.1, RFC 6840 §5.6).
        var kept = _question.Header.Flags & (HeaderFlags.OpcodeMask | HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled);
        var flags = kept | HeaderFlags.Response | (HeaderFlags)((int)code & 0xF)
            | (IsAuthoritative ? HeaderFlags.Authoritative : 0)
            | (IsTruncated ? HeaderFlags.Truncated : 0)
            | (AsksOthers ? HeaderFlags.RecursionAvailable : 0);
        var questions = (ushort)(_question.Section.Length > 0 ? 1 : 0);
        new DnsHeader(_question.Header.Id, flags, questions, _answers, _authorities, _additionals).Write(_answer);
        return Math.Min(_writer.Length, _most);
    }
}
