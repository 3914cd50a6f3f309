namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The candidate with the fewest sessions for its weight, compared by cross multiplication as in IPVS (Linux
/// net/netfilter/ipvs/ip_vs_wlc.c): what <c>wlc</c>, <c>sed</c>, <c>nq</c>, <c>lblc</c> and <c>lblcr</c> have in common. A
/// pick reads every load: O(n). Thread-safe.
/// </summary>
/// <remarks>
/// Who ties, takes turns in proportion to weight: an idle service, where all are at 0, then shares as a busy one
/// does. (IPVS gives a tie to the first in the list; see <see cref="LeastConnectionsScheduler"/>.)
/// </remarks>
internal sealed class LeastRatio
{
    // Immutable.
    private readonly SchedulerMemory _memory;
    private readonly int _joining;
    private readonly int[] _indices;
    private readonly int[] _weights;
    private readonly BackendLoad[] _loads;

    /// <param name="candidates">Who is compared.</param>
    /// <param name="memory">Whose turn it is in a tie.</param>
    /// <param name="joining">Sessions to add to each: 1 counts the one that is about to come, 0 does not.</param>
    public LeastRatio(Candidate[] candidates, SchedulerMemory memory, int joining)
    {
        _memory = memory;
        _joining = joining;
        _indices = candidates.PickableIndices();
        _weights = [.. _indices.Select(i => candidates[i].Weight)];
        _loads = [.. _indices.Select(i => candidates[i].Load)];
    }

    /// <summary>Its index; -1 when all are full or tried.</summary>
    public int Next(in TriedSet tried)
    {
        var (first, active, weight) = (-1, long.MaxValue / ushort.MaxValue, 1L);
        var tiedWeight = 0L;
        var loads = _loads;
        var weights = _weights;
        for (var i = 0; i < loads.Length && i < weights.Length; i++)
        {
            // active[i] / weight[i] against active / weight. Products of 31 and 16 bits cannot overflow.
            var candidate = (long)loads[i].Active + _joining;
            var (ours, best) = (candidate * weight, active * weights[i]);
            if (ours > best || loads[i].IsFull || tried.Contains(_indices[i]))
            {
                continue;
            }

            if (ours < best)
            {
                (first, active, weight, tiedWeight) = (i, candidate, weights[i], 0);
            }

            tiedWeight += weights[i];
        }

        if (first < 0 || tiedWeight == weight)
        {
            return first < 0 ? -1 : _indices[first];
        }

        var ticket = _memory.NextTicket(tiedWeight);
        return _indices[Tied(first, active, weight, ticket, in tried)];
    }

    /// <summary>
    /// The slot of those with the ratio <paramref name="active"/> / <paramref name="weight"/> that has the ticket.
    /// Loads move while they are read: when too few are left in the tie, the first that was seen serves as well.
    /// </summary>
    private int Tied(int first, long active, long weight, long ticket, in TriedSet tried)
    {
        for (var i = first; i < _loads.Length; i++)
        {
            var isTied = ((long)_loads[i].Active + _joining) * weight <= active * _weights[i];
            if (!isTied || _loads[i].IsFull || tried.Contains(_indices[i]))
            {
                continue;
            }

            ticket -= _weights[i];
            if (ticket < 0)
            {
                return i;
            }
        }

        return first;
    }
}
