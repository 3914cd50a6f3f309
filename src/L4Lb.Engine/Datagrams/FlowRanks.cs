namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Flows by how much they have to lose: those whose client was heard of again after an answer, and the others. A newcomer
/// may take the place of the oldest of the others, as the kernel's connection tracking drops what is not ASSURED first
/// (Linux net/netfilter/nf_conntrack_core.c, early_drop). Single-threaded.
/// </summary>
/// <remarks>
/// A datagram moves nothing: a flow that has risen is found out only when somebody looks for one to give up, and looking
/// goes on a bounded number of steps. So a flood costs those who are established at most a look.
/// </remarks>
/// <param name="ofService">As in <see cref="FlowQueue"/>.</param>
internal sealed class FlowRanks(bool ofService)
{
    // Silence after which an established flow may go, in milliseconds: longer than any conversation's pause for thought.
    private const long EstablishedIdleMs = 10_000;

    private const int LooksMost = 64;

    private readonly FlowQueue _new = new(ofService);
    private readonly FlowQueue _established = new(ofService);

    internal int Count => _new.Count + _established.Count;

    internal void Add(Flow flow) => _new.Enqueue(flow);

    internal void Remove(Flow flow) => _new.Leave(flow);

    /// <summary>The flow that a newcomer may take the place of; null when all of them are in use.</summary>
    internal Flow? FindIdle(long nowMs)
    {
        var looks = 0;
        for (; _new.First is { } flow && looks < LooksMost; looks++)
        {
            if (!flow.IsEstablished)
            {
                return flow;
            }

            _established.Enqueue(flow);
        }

        for (var left = Math.Min(_established.Count, LooksMost - looks); left > 0; left--)
        {
            var flow = _established.First!;
            if (nowMs - flow.LastMs >= EstablishedIdleMs)
            {
                return flow;
            }

            _established.Enqueue(flow);
        }

        return null;
    }
}
