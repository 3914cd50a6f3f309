using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Top;

/// <summary>
/// How long connects took between two answers: the difference of the buckets of their histograms. The middle of a bucket stands for
/// all that it has.
/// </summary>
internal sealed class ConnectTimes
{
    private readonly IReadOnlyList<Bucket> _buckets;

    private ConnectTimes(IReadOnlyList<Bucket> buckets) => (_buckets, Count) = (buckets, buckets.Sum(static b => b.Count));

    /// <summary>How many connects there were.</summary>
    public long Count { get; }

    /// <summary>What is in <paramref name="now"/> and not in <paramref name="before"/>.</summary>
    /// <param name="before">The earlier answer; null counts from the start.</param>
    /// <param name="now">The later answer.</param>
    public static ConnectTimes Between(DurationAnswer? before, DurationAnswer now)
    {
        var old = before?.Buckets.Select(Bucket.Of).ToDictionary(static b => b.Start, static b => b.Count) ?? [];
        return new ConnectTimes(
        [
            .. now.Buckets.Select(Bucket.Of).Select(b => b with { Count = b.Count - old.GetValueOrDefault(b.Start) })
                .Where(static b => b.Count > 0)
                .OrderBy(static b => b.Start),
        ]);
    }

    /// <summary>
    /// Microseconds that <paramref name="quantile"/> (0…1) of the connects did not exceed: the middle of the bucket that has it, or,
    /// of the one without an end, where that begins. Null when there were none.
    /// </summary>
    public double? Quantile(double quantile)
    {
        var rank = Math.Max((long)Math.Ceiling(quantile * Count), 1);
        foreach (var bucket in _buckets)
        {
            rank -= bucket.Count;
            if (rank <= 0)
            {
                return bucket.End < 0 ? bucket.Start : (bucket.Start + bucket.End) / 2.0;
            }
        }

        return null;
    }

    /// <summary>Connects of about one length, as answers have them.</summary>
    private readonly record struct Bucket(long End, long Count, long Start)
    {
        // An instance that does not say where they start is taken at the end.
        public static Bucket Of(IReadOnlyList<long> numbers) => new(numbers[0], numbers[1], numbers.Count > 2 ? numbers[2] : numbers[0]);
    }
}
