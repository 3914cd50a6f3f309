using System.Diagnostics;
using L4Lb.Engine.Answering;

namespace L4Lb.Dns.Serving;

/// <summary>Answers questions by UDP. For one thread.</summary>
/// <param name="responder">What is known here.</param>
/// <param name="resolver">What asks others; null without.</param>
/// <param name="rate">How much each client gets.</param>
/// <param name="counters">What is counted.</param>
/// <param name="stop">The server ends.</param>
internal sealed class DatagramAnswers(
    DnsResponder responder, Resolver? resolver, AnswerRate rate, DnsCounters counters, CancellationToken stop) : IDatagramHandler
{
    private uint _turn;

    /// <inheritdoc/>
    public int Answer(ReadOnlySpan<byte> request, in DatagramWay way, Span<byte> answer)
    {
        counters.CountDatagram();
        if (!rate.TryTake(way.Client, (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds))
        {
            counters.CountLimited();
            return DnsResponder.Truncate(request, answer);
        }

        var asker = new Asker(way.Local, ByDatagram: true, _turn++);
        var verdict = responder.Answer(request, asker, answer, out var length);
        if (verdict is Verdict.PassOn or Verdict.Follow)
        {
            _ = AnswerLaterAsync(verdict, request.ToArray(), asker, way);
        }

        return length;
    }

    private async Task AnswerLaterAsync(Verdict verdict, byte[] request, Asker asker, DatagramWay way)
    {
        try
        {
            way.Send(await resolver!.ResolveAsync(verdict, request, asker, stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The end of the server: its client asks another one.
        }
    }
}
