using System.Numerics;
using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Top;

/// <summary>
/// How long connects took between two answers: the difference of the buckets of their histograms. Each duration is known to an
/// eighth, since a bucket is a quarter of the power of two that it is in (Metrics/DurationCounters).
/// </summary>
internal sealed class ConnectTimes
{
    private const long LeastBound = 16;
    private const int PerOctave = 4;

    private readonly IReadOnlyList<(long Bound, long Count)> _buckets;

    private ConnectTimes(IReadOnlyList<(long Bound, long Count)> buckets) =>
        (_buckets, Count) = (buckets, buckets.Sum(static b => b.Count));

    /// <summary>How many connects there were.</summary>
    public long Count { get; }

    /// <summary>What is in <paramref name="now"/> and not in <paramref name="before"/>.</summary>
    /// <param name="before">The earlier answer; null counts from the start.</param>
    /// <param name="now">The later answer.</param>
    public static ConnectTimes Between(DurationAnswer? before, DurationAnswer now)
    {
        var old = before?.Buckets.ToDictionary(static b => b[0], static b => b[1]) ?? [];
        return new ConnectTimes(
        [
            .. now.Buckets.Select(b => (Bound: b[0], Count: b[1] - old.GetValueOrDefault(b[0])))
                .Where(static b => b.Count > 0)
                .OrderBy(static b => b.Bound < 0 ? long.MaxValue : b.Bound),
        ]);
    }

    /// <summary>
    /// Microseconds that <paramref name="quantile"/> (0…1) of the connects did not exceed: the middle of the bucket that has it, or,
    /// of the one without a bound, where that begins. Null when there were none.
    /// </summary>
    public double? Quantile(double quantile)
    {
        var rank = Math.Max((long)Math.Ceiling(quantile * Count), 1);
        foreach (var (bound, count) in _buckets)
        {
            rank -= count;
            if (rank <= 0)
            {
                return MiddleOf(bound);
            }
        }

        return null;
    }

    private static double MiddleOf(long bound) => bound switch
    {
        < 0 => 1L << 24, // Where the last bound of the layout is.
        <= LeastBound => bound / 2.0,
        _ => bound - ((1L << BitOperations.Log2((ulong)(bound - 1))) / (double)PerOctave / 2),
    };
}
