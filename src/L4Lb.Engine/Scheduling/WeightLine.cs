namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Candidates side by side on a line, each as long as its weight: whoever lies at a random point was drawn in
/// proportion to weights. Those of weight 0 cannot be hit. Immutable.
/// </summary>
internal sealed class WeightLine
{
    // Immutable.
    private readonly long[] _ends;

    public WeightLine(Candidate[] candidates)
    {
        _ends = new long[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            _ends[i] = Length += candidates[i].Weight;
        }
    }

    /// <summary>The sum of weights.</summary>
    public long Length { get; }

    /// <summary>Where candidate <paramref name="index"/> begins.</summary>
    public long Start(int index) => index == 0 ? 0 : _ends[index - 1];

    /// <summary>The weight of candidate <paramref name="index"/>.</summary>
    public long WeightOf(int index) => _ends[index] - Start(index);

    /// <summary>Who lies at <paramref name="point"/>, which is below <see cref="Length"/>. O(log n).</summary>
    public int IndexAt(long point)
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
