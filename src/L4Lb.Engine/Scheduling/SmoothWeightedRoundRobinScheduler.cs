namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>swrr</c>: turns in proportion to weights, each backend's as evenly spread as can be. In the sequence of nginx
/// (<see cref="SmoothCycle"/>) while that is short enough to be compiled, else in an equally exact one
/// (<see cref="GoldenRotation"/>). In both any window of as many picks as the sum of weights, divided by what they
/// have in common, has exact shares.
/// </summary>
/// <remarks>
/// nginx computes the sequence under a lock and looks at everybody for each pick. Here the turn alone decides, so a pick
/// costs one atomic add and one read, or O(log n) of them.
/// </remarks>
internal sealed class SmoothWeightedRoundRobinScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "swrr", "turns in proportion to weights, evenly spread", SchedulerTraits.Weighted,
        static (candidates, memory, _) => new SmoothWeightedRoundRobinScheduler(candidates, memory));

    // The longest cycle that is compiled: 64 KiB, in some milliseconds at worst.
    internal const int CycleMost = 16 * 1024;

    // Turns passed over because they are a full or tried backend's, before the others are shared out among whoever is
    // open: enough that skipping keeps the sequence while half of the turns are good.
    private const int TurnsMost = 16;

    // Immutable.
    private readonly SchedulerMemory _memory;
    private readonly int[] _indices;
    private readonly BackendLoad[] _loads;
    private readonly int[] _cycle;
    private readonly GoldenRotation? _rotation;
    private readonly LeastOfAll<EqualCost> _open;

    public SmoothWeightedRoundRobinScheduler(Candidate[] candidates, SchedulerMemory memory)
    {
        _memory = memory;
        _indices = candidates.PickableIndices();
        _loads = [.. _indices.Select(i => candidates[i].Load)];
        _open = new LeastOfAll<EqualCost>(candidates, memory, default);
        int[] weights = [.. _indices.Select(i => candidates[i].Weight)];
        var divisor = weights.Aggregate(0, GreatestCommonDivisor);
        weights = Array.ConvertAll(weights, weight => weight / divisor);
        var fits = weights.Sum(static weight => (long)weight) <= CycleMost;
        _cycle = fits && weights.Length > 0 ? SmoothCycle.Compile(weights) : [];
        _rotation = fits ? null : new GoldenRotation(weights);
    }

    public string Name => "swrr";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        if (_indices.Length == 0)
        {
            return -1;
        }

        // A turn that cannot be taken is passed over, so its share goes to all others and not to a neighbour.
        for (var turns = TurnsMost; turns > 0; turns--)
        {
            var slot = At(_memory.NextTurn());
            if (!_loads[slot].IsFull && !tried.Contains(_indices[slot]))
            {
                return _indices[slot];
            }
        }

        return _open.Next(in tried, nowMs);
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private int At(ulong turn) => _rotation is null ? _cycle[turn % (uint)_cycle.Length] : _rotation.At(turn);
}
