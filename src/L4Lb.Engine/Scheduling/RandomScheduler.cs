namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>random</c>: each pick independent, in proportion to weights. A retry draws from those that are left, still in
/// proportion. O(log n).
/// </summary>
internal sealed class RandomScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "random", "a random backend, in proportion to weights", SchedulerTraits.Weighted,
        static (candidates, memory, _) => new RandomScheduler(candidates, memory));

    // Immutable.
    private readonly SchedulerMemory _memory;
    private readonly long[] _ends;

    public RandomScheduler(Candidate[] candidates, SchedulerMemory memory)
    {
        // The candidates lie side by side on a line, each as long as its weight; those of weight 0 cannot be hit.
        _memory = memory;
        _ends = new long[candidates.Length];
        var end = 0L;
        for (var i = 0; i < candidates.Length; i++)
        {
            _ends[i] = end += candidates[i].Weight;
        }
    }

    public string Name => "random";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        var left = _ends.Length == 0 ? 0 : _ends[^1];
        Span<int> holes = stackalloc int[TriedSet.Capacity];
        holes = holes[..tried.CopySortedTo(holes)];
        foreach (var hole in holes)
        {
            left -= _ends[hole] - Start(hole);
        }

        if (left == 0)
        {
            return -1;
        }

        // A point on the line without the tried ones, moved right by each of them that lies at or left of it.
        var point = (long)_memory.NextRandom((ulong)left);
        foreach (var hole in holes)
        {
            if (point < Start(hole))
            {
                break;
            }

            point += _ends[hole] - Start(hole);
        }

        return IndexAt(point);
    }

    private long Start(int index) => index == 0 ? 0 : _ends[index - 1];

    /// <summary>The first index whose end lies right of <paramref name="point"/>.</summary>
    private int IndexAt(long point)
    {
        var ends = _ends;
        int low = 0, high = ends.Length - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = ends[middle] > point ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
