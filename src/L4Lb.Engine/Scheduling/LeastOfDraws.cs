namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Draws some open candidates by weight, never one twice, and takes the one of the least cost; the one drawn first when
/// they tie. O(choices · log n).
/// </summary>
internal sealed class LeastOfDraws<TCost> : IChooser
    where TCost : struct, ISessionCost
{
    // Draws that may hit full candidates before everybody is looked at: while at least half of the weight is open,
    // that happens to one session in 16 million or fewer.
    private const int FullMost = 24;

    private const int ChoicesMost = 16;

    // Immutable.
    private readonly SchedulerMemory _memory;
    private readonly BackendLoad[] _loads;
    private readonly int[] _weights;
    private readonly WeightedLine _line;
    private readonly LeastOfAll<TCost> _all;
    private readonly TCost _cost;
    private readonly int _choices;

    internal LeastOfDraws(Candidate[] candidates, SchedulerMemory memory, TCost cost, int choices)
    {
        (_memory, _cost, _choices) = (memory, cost, choices);
        _loads = Array.ConvertAll(candidates, static candidate => candidate.Load);
        _weights = Array.ConvertAll(candidates, static candidate => candidate.Weight);
        _line = new WeightedLine(_weights);
        _all = new LeastOfAll<TCost>(candidates, memory, cost);
    }

    public int Next(in TriedSet tried, long nowMs)
    {
        Span<int> holes = stackalloc int[TriedSet.Capacity + FullMost + ChoicesMost];
        var count = tried.CopySortedTo(holes);
        var (best, least, full) = (-1, double.PositiveInfinity, 0);
        for (var drawn = 0; drawn < _choices;)
        {
            var index = _line.Draw(_memory, holes[..count]);
            if (index < 0)
            {
                break;
            }

            Insert(holes, count++, index);
            var load = _loads[index];
            if (load.IsFull)
            {
                if (++full == FullMost)
                {
                    return best < 0 ? _all.Next(in tried, nowMs) : best;
                }

                continue;
            }

            drawn++;
            var cost = _cost.At(load, _weights[index], nowMs);
            if (cost < least)
            {
                (best, least) = (index, cost);
            }
        }

        return best;
    }

    private static void Insert(Span<int> sorted, int count, int index)
    {
        var at = count;
        for (; at > 0 && sorted[at - 1] > index; at--)
        {
            sorted[at] = sorted[at - 1];
        }

        sorted[at] = index;
    }
}
