namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The table of <c>sh</c> and <c>dh</c>: 256 buckets, dealt to the candidates in list order, so many in a row to each,
/// again and again until all are dealt. Immutable.
/// </summary>
/// <remarks>
/// A candidate of weight 0 keeps one bucket a round, as in IPVS. Whoever finds no bucket left, since the weights add up
/// to more than 256, is reached by <see cref="Next"/> only when the walk over the buckets found nobody; IPVS would never
/// reach it.
/// </remarks>
internal sealed class HashBuckets
{
    private const int Bits = 8;
    private const int Count = 1 << Bits;

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly int[] _buckets = new int[Count];

    /// <param name="candidates">Who gets buckets.</param>
    /// <param name="inARow">How many each gets in a row; less than 1 means 1.</param>
    internal HashBuckets(Candidate[] candidates, Func<Candidate, int> inARow)
    {
        _candidates = candidates;
        var (index, dealt) = (0, 0);
        for (var bucket = 0; bucket < Count && candidates.Length > 0; bucket++)
        {
            _buckets[bucket] = index;
            if (++dealt >= inARow(candidates[index]))
            {
                (index, dealt) = ((index + 1) % candidates.Length, 0);
            }
        }
    }

    /// <summary>
    /// The owner of the bucket of <paramref name="key"/>. When it may not be named: nobody, or with
    /// <paramref name="falls"/> the first that may on a walk over the buckets, which begins at the hash added to itself
    /// as in IPVS.
    /// </summary>
    internal int Next(uint key, in TriedSet tried, bool falls)
    {
        if (_candidates.Length == 0)
        {
            return -1;
        }

        var home = KernelHash.Multiplicative(key, Bits);
        if (_candidates.CanTake(_buckets[home], in tried))
        {
            return _buckets[home];
        }

        for (var step = 0; step < Count && falls; step++)
        {
            var index = _buckets[(home + home + step) & (Count - 1)];
            if (_candidates.CanTake(index, in tried))
            {
                return index;
            }
        }

        return falls ? _candidates.NextOpen(home % _candidates.Length, in tried) : -1;
    }
}
