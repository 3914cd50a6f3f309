using System.Numerics;

namespace L4Lb.DatagramLoad;

/// <summary>
/// Counts of durations in buckets of 3 % or less: every power of two has 32, as in Gil Tene's HdrHistogram. One array
/// for all of them, made once.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int BucketBits = 5;
    private const int Buckets = 1 << BucketBits;

    private readonly long[] _counts = new long[(64 - BucketBits + 1) * Buckets];
    private long _total;

    public void Add(long nanoseconds)
    {
        _counts[Index((ulong)Math.Max(0, nanoseconds))]++;
        _total++;
    }

    /// <summary>The duration that a share of all does not exceed, in milliseconds; 0 when there are none.</summary>
    public double PercentileMs(double share)
    {
        var left = (long)Math.Ceiling(_total * share);
        for (var i = 0; i < _counts.Length && left > 0; i++)
        {
            left -= _counts[i];
            if (left <= 0)
            {
                return UpperBound(i) / 1e6;
            }
        }

        return 0;
    }

    // Below 64 a bucket for each value; above, the highest set bit and the five after it.
    private static int Index(ulong value)
    {
        var shift = Math.Max(0, BitOperations.Log2(value) - BucketBits);
        return (shift * Buckets) + (int)(value >> shift);
    }

    private static double UpperBound(int index)
    {
        var shift = Math.Max(0, (index / Buckets) - 1);
        return (ulong)(index - (shift * Buckets) + 1) << shift;
    }
}
