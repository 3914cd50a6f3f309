using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;

namespace L4Lb.Dns.Serving;

/// <summary>
/// Turns a question into its answer: a function of the bytes and of the zones in force. No I/O. Thread-safe; a question is
/// answered from one set of zones, and without allocating.
/// </summary>
/// <param name="asksOthers">Whether names of others can be asked for.</param>
public sealed class DnsResponder(bool asksOthers)
{
    /// <summary>
    /// Most bytes of an answer by UDP, whatever the client would take: it crosses every network in one piece (DNS flag day 2020).
    /// </summary>
    public const int DatagramMax = 1232;

    /// <summary>Room that an answer may need.</summary>
    public const int MessageMax = ushort.MaxValue;

    private volatile ZoneSet? _zones;

    /// <summary>The names that this server is responsible for; null until that is known, and until then it knows of nothing.</summary>
    public ZoneSet? Zones
    {
        get => _zones;
        set => _zones = value;
    }

    /// <summary>Answers <paramref name="request"/> as far as it can.</summary>
    /// <param name="request">A message.</param>
    /// <param name="asker">How it came.</param>
    /// <param name="answer">Room for the answer: <see cref="MessageMax"/> bytes, or <see cref="DatagramMax"/> by datagram.</param>
    /// <param name="length">Bytes of the answer; 0 when there is none, or none yet.</param>
    public Verdict Answer(ReadOnlySpan<byte> request, in Asker asker, Span<byte> answer, out int length) =>
        Answer(request, asker, answer, others: null, out length);

    /// <summary>
    /// Answers by the shortest that says "ask again by TCP": what somebody gets who asks too much, and who may only seem to be
    /// the one that asks. It is no longer than the question.
    /// </summary>
    public static int Truncate(ReadOnlySpan<byte> request, Span<byte> answer)
    {
        Span<byte> name = stackalloc byte[DnsName.WireBytesMax];
        var fault = DnsQuestion.Read(request, name, out var question);
        if (fault == QuestionFault.NotAQuestion)
        {
            return 0;
        }

        var reply = new Reply(question, answer, answer.Length) { IsTruncated = fault == QuestionFault.None };
        return reply.Finish(CodeOf(fault));
    }

    /// <summary>Answers that whoever knows could not be asked.</summary>
    internal int Fail(ReadOnlySpan<byte> request, in Asker asker, Span<byte> answer)
    {
        _ = Answer(request, asker, answer, OtherAnswer.None, out var length);
        return length;
    }

    /// <summary>Answers with what others had to say of the name at the end of <see cref="Verdict.Follow"/>.</summary>
    internal int Complete(ReadOnlySpan<byte> request, in Asker asker, OtherAnswer others, Span<byte> answer)
    {
        _ = Answer(request, asker, answer, others, out var length);
        return length;
    }

    /// <summary>The name whose records others are to be asked for, after <see cref="Verdict.Follow"/>.</summary>
    internal DnsName? EndOf(ReadOnlySpan<byte> request)
    {
        Span<byte> name = stackalloc byte[DnsName.WireBytesMax];
        if (DnsQuestion.Read(request, name, out var question) != QuestionFault.None)
        {
            return null;
        }

        if (Zones is not { } zones)
        {
            return null;
        }

        DnsName? end = null;
        for (var i = 0; i < ZoneAnswer.ChainMost; i++)
        {
            var at = end is null ? question.Name : end.Wire;
            if (zones.Find(at)?.Find(at)?.Find(RecordType.CNAME) is not { } other)
            {
                return end;
            }

            end = ((NameData)other.Data[0]).Name;
        }

        return end;
    }

    private Verdict Answer(ReadOnlySpan<byte> request, in Asker asker, Span<byte> answer, OtherAnswer? others, out int length)
    {
        length = 0;
        Span<byte> name = stackalloc byte[DnsName.WireBytesMax];
        var fault = DnsQuestion.Read(request, name, out var question);
        if (fault == QuestionFault.NotAQuestion)
        {
            return Verdict.Silent;
        }

        var most = asker.ByDatagram ? Math.Min(Math.Min(question.Edns.Payload, DatagramMax), answer.Length) : answer.Length;
        var reply = new Reply(question, answer, most) { AsksOthers = asksOthers };
        var code = CodeOf(fault);
        if (fault == QuestionFault.None)
        {
            code = question.Edns.Version > 0 ? ResponseCode.BadVersion
                : !question.IsInternet || question.Type is RecordType.AXFR or RecordType.IXFR ? ResponseCode.Refused
                : ResponseCode.NoError;
        }

        if (code == ResponseCode.NoError)
        {
            if (Zones is not { } zones)
            {
                code = ResponseCode.ServerFailure; // Not "no such name": that would be kept.
            }
            else if (zones.Find(question.Name) is { } zone)
            {
                var (found, follow) = ZoneAnswer.Write(zones, zone, question, asker, others, ref reply);
                if (follow && others is null && asksOthers)
                {
                    return Verdict.Follow;
                }

                code = found;
            }
            else if (asksOthers && others is null)
            {
                return Verdict.PassOn;
            }
            else
            {
                code = asksOthers ? ResponseCode.ServerFailure : ResponseCode.Refused;
            }
        }

        length = reply.Finish(code);
        return Verdict.Answered;
    }

    private static ResponseCode CodeOf(QuestionFault fault) => fault switch
    {
        QuestionFault.None => ResponseCode.NoError,
        QuestionFault.NotImplemented => ResponseCode.NotImplemented,
        _ => ResponseCode.FormatError,
    };
}
