namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Compares everybody: the open candidate of the least cost. Who ties, takes turns in proportion to weight. O(n).
/// </summary>
internal sealed class LeastOfAll<TCost> : IChooser
    where TCost : struct, ISessionCost
{
    // Immutable.
    private readonly SchedulerMemory _memory;
    private readonly int[] _indices;
    private readonly int[] _weights;
    private readonly BackendLoad[] _loads;
    private readonly TCost _cost;

    internal LeastOfAll(Candidate[] candidates, SchedulerMemory memory, TCost cost)
    {
        _memory = memory;
        _cost = cost;
        _indices = candidates.PickableIndices();
        _weights = [.. _indices.Select(i => candidates[i].Weight)];
        _loads = [.. _indices.Select(i => candidates[i].Load)];
    }

    public int Next(in TriedSet tried, long nowMs)
    {
        var (first, least, tiedWeight) = (-1, double.PositiveInfinity, 0L);
        var loads = _loads;
        var weights = _weights;
        var costs = _cost;
        for (var i = 0; i < loads.Length && i < weights.Length; i++)
        {
            var cost = costs.At(loads[i], weights[i], nowMs);
            if (cost > least || !MayTake(i, in tried))
            {
                continue;
            }

            if (cost < least)
            {
                (first, least, tiedWeight) = (i, cost, 0);
            }

            tiedWeight += weights[i];
        }

        if (first < 0)
        {
            return -1;
        }

        return _indices[tiedWeight == weights[first] ? first : Tied(first, least, _memory.NextTicket(tiedWeight), in tried, nowMs)];
    }

    /// <summary>
    /// The slot of those with cost <paramref name="least"/> that has the ticket. Loads move while they are read: when
    /// too few are left in the tie, the first that was seen serves as well.
    /// </summary>
    private int Tied(int first, double least, long ticket, in TriedSet tried, long nowMs)
    {
        for (var i = first; i < _loads.Length; i++)
        {
            if (_cost.At(_loads[i], _weights[i], nowMs) > least || !MayTake(i, in tried))
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

    private bool MayTake(int slot, in TriedSet tried) => !_loads[slot].IsFull && !tried.Contains(_indices[slot]);
}
