namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>lc</c>: the candidate with the fewest active sessions. Weights other than 0 do not matter, as in IPVS (Linux
/// net/netfilter/ipvs/ip_vs_lc.c). A pick reads every load: O(n).
/// </summary>
/// <remarks>
/// IPVS gives a tie to the first in the list, and can afford it because it counts recently closed connections too. A
/// proxy counts open sessions only: at low load all are 0 most of the time, and the first would get everything. So
/// those who tie take turns.
/// </remarks>
internal sealed class LeastConnectionsScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "lc", "the backend with the fewest sessions", SchedulerTraits.ByLoad,
        static (candidates, memory, _) => new LeastConnectionsScheduler(candidates, memory));

    // Immutable.
    private readonly SchedulerMemory _memory;
    private readonly int[] _indices;
    private readonly BackendLoad[] _loads;

    public LeastConnectionsScheduler(Candidate[] candidates, SchedulerMemory memory)
    {
        _memory = memory;
        _indices = candidates.PickableIndices();
        _loads = [.. _indices.Select(i => candidates[i].Load)];
    }

    public string Name => "lc";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        var (first, least, ties) = (-1, int.MaxValue, 0);
        var loads = _loads;
        for (var i = 0; i < loads.Length; i++)
        {
            var active = loads[i].Active;
            if (active > least || loads[i].IsFull || tried.Contains(_indices[i]))
            {
                continue;
            }

            (first, least, ties) = active < least || first < 0 ? (i, active, 1) : (first, least, ties + 1);
        }

        return ties switch
        {
            0 => -1,
            1 => _indices[first],
            _ => _indices[Tied(first, least, (int)(_memory.NextTurn() % (uint)ties), in tried)],
        };
    }

    /// <summary>
    /// The slot of those with load <paramref name="least"/> whose turn it is. Loads move while they are read: when
    /// too few are left in the tie, the first that was seen serves as well as any.
    /// </summary>
    private int Tied(int first, int least, int turn, in TriedSet tried)
    {
        var loads = _loads;
        for (var i = first; i < loads.Length; i++)
        {
            if (loads[i].Active <= least && !loads[i].IsFull && !tried.Contains(_indices[i]) && turn-- == 0)
            {
                return i;
            }
        }

        return first;
    }
}
