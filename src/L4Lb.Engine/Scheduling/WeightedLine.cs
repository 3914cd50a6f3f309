namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Candidates side by side on a line, each as long as its weight, so that a point on it finds one in proportion.
/// Immutable. O(log n).
/// </summary>
internal sealed class WeightedLine
{
    private readonly long[] _ends;

    internal WeightedLine(ReadOnlySpan<int> weights)
    {
        _ends = new long[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            Length += weights[i];
            _ends[i] = Length;
        }
    }

    /// <summary>Sum of the weights.</summary>
    internal long Length { get; }

    /// <summary>The candidate at <paramref name="point"/>, 0 … length - 1. Weight 0 is never hit.</summary>
    internal int IndexAt(long point)
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

    /// <summary>Draws one by chance that is not in <paramref name="holes"/>; -1 when nothing is left of the line.</summary>
    /// <param name="memory">The dice.</param>
    /// <param name="holes">Indices in ascending order.</param>
    internal int Draw(SchedulerMemory memory, ReadOnlySpan<int> holes)
    {
        var left = Length;
        foreach (var hole in holes)
        {
            left -= _ends[hole] - Start(hole);
        }

        if (left == 0)
        {
            return -1;
        }

        // A point on the line without the holes, moved right by each of them that lies at or left of it.
        var point = (long)memory.NextRandom((ulong)left);
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
}
