namespace L4Lb.Engine.Scheduling;

/// <summary>A point of a <see cref="KetamaRing"/>.</summary>
/// <param name="Hash">Where it is.</param>
/// <param name="Owner">Index of the candidate that it belongs to.</param>
internal readonly record struct RingPoint(uint Hash, int Owner)
{
    private const int DigitBits = 8;
    private const int DigitMask = (1 << DigitBits) - 1;

    /// <summary>
    /// Sorts by hash; those of one hash stay in the order they have. A radix sort, least digit first: 1,600,000 points of
    /// 10,000 backends take a tenth of the time of a sort that compares.
    /// </summary>
    internal static void Sort(ref RingPoint[] points)
    {
        var sorted = new RingPoint[points.Length];
        Span<int> next = stackalloc int[DigitMask + 1];
        for (var shift = 0; shift < 32; shift += DigitBits)
        {
            next.Clear();
            foreach (var point in points)
            {
                next[(int)(point.Hash >> shift) & DigitMask]++;
            }

            var start = 0;
            foreach (ref var slot in next)
            {
                (slot, start) = (start, start + slot);
            }

            foreach (var point in points)
            {
                sorted[next[(int)(point.Hash >> shift) & DigitMask]++] = point;
            }

            (points, sorted) = (sorted, points);
        }
    }
}
