using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Serving;

/// <summary>Finds the answers for which others must be asked. Thread-safe.</summary>
/// <param name="responder">What is known here.</param>
/// <param name="upstream">Whom to ask.</param>
/// <param name="counters">What is counted.</param>
internal sealed class Resolver(DnsResponder responder, Upstream upstream, DnsCounters counters)
{
    /// <summary>The answer to a question that could not be answered here; an error when nobody answers.</summary>
    /// <param name="verdict">What was said of it: <see cref="Verdict.PassOn"/> or <see cref="Verdict.Follow"/>.</param>
    /// <param name="request">The question.</param>
    /// <param name="asker">How it came.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    internal async Task<byte[]> ResolveAsync(Verdict verdict, byte[] request, Asker asker, CancellationToken cancellationToken)
    {
        counters.CountPassedOn();
        var answer = verdict == Verdict.Follow
            ? await FollowAsync(request, asker, cancellationToken)
            : await upstream.AskAsync(request, byStream: !asker.ByDatagram, cancellationToken);
        if (answer is null)
        {
            counters.CountFailed();
            return Write(room => responder.Fail(request, asker, room));
        }

        // A client that takes more than crosses every network in one piece gets the rest by TCP.
        return asker.ByDatagram && answer.Length > DnsResponder.DatagramMax
            ? Write(room => DnsResponder.Truncate(request, room))
            : answer;
    }

    /// <summary>Asks for the addresses of the name at which the answer here ends.</summary>
    private async Task<byte[]?> FollowAsync(byte[] request, Asker asker, CancellationToken cancellationToken)
    {
        if (responder.EndOf(request) is not { } end
            || await upstream.AskAsync(QuestionOf(end, request), byStream: false, cancellationToken) is not { } answer)
        {
            return null;
        }

        if (DnsHeader.Read(answer).Has(HeaderFlags.Truncated))
        {
            answer = await upstream.AskAsync(QuestionOf(end, request), byStream: true, cancellationToken) ?? answer;
        }

        return Write(room => responder.Complete(request, asker, OtherAnswer.Read(answer), room));
    }

    /// <summary>The question of <paramref name="request"/> about another name.</summary>
    private static byte[] QuestionOf(DnsName name, ReadOnlySpan<byte> request)
    {
        const int TypeAndClass = 4;
        Span<byte> asked = stackalloc byte[DnsName.WireBytesMax];
        _ = DnsQuestion.Read(request, asked, out var question);
        var message = new byte[DnsHeader.Bytes + name.Wire.Length + TypeAndClass];
        new DnsHeader(0, HeaderFlags.RecursionDesired, 1, 0, 0, 0).Write(message);
        name.Wire.CopyTo(message.AsSpan(DnsHeader.Bytes));
        question.Section[^TypeAndClass..].CopyTo(message.AsSpan(message.Length - TypeAndClass));
        return message;
    }

    private static byte[] Write(Func<byte[], int> write)
    {
        var room = new byte[DnsResponder.MessageMax];
        return room[..write(room)];
    }
}
