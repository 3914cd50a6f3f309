using L4Lb.Engine.Metrics;

namespace L4Lb.Engine;

/// <summary>How long something took, as counts by buckets of a known width. Immutable.</summary>
public sealed class DurationHistogram
{
    private readonly long[] _counts = new long[DurationCounters.Buckets];
    private readonly long[] _sums = new long[DurationCounters.Buckets];

    internal DurationHistogram(IEnumerable<DurationCounters> shards)
    {
        foreach (var shard in shards)
        {
            shard.AddTo(_counts, _sums);
        }

        Count = _counts.Sum();
    }

    /// <summary>How many there were.</summary>
    public long Count { get; }

    /// <summary>How long all of them took together, in microseconds.</summary>
    public long SumMicros => _sums.Sum();

    /// <summary>Every bucket that is not empty, the shortest first.</summary>
    public IEnumerable<DurationBucket> Buckets
    {
        get
        {
            for (var i = 0; i < _counts.Length; i++)
            {
                if (_counts[i] > 0)
                {
                    yield return new DurationBucket(DurationBuckets.StartOf(i), DurationBuckets.EndOf(i), _counts[i], _sums[i]);
                }
            }
        }
    }

    /// <summary>
    /// A time that <paramref name="quantile"/> (0…1) of all did not exceed, to an eighth of itself: the mean of the bucket
    /// that has it. Null when there was none.
    /// </summary>
    public TimeSpan? Quantile(double quantile)
    {
        var rank = Math.Max((long)Math.Ceiling(quantile * Count), 1);
        foreach (var bucket in Buckets)
        {
            rank -= bucket.Count;
            if (rank <= 0)
            {
                return TimeSpan.FromMicroseconds((double)bucket.SumMicros / bucket.Count);
            }
        }

        return null;
    }

    /// <summary>
    /// What has been counted since <paramref name="earlier"/>, which must be of the same counters; null for the beginning. Each
    /// bucket comes as its mean, so that together they are as many and took as long.
    /// </summary>
    public IEnumerable<DurationSample> Since(DurationHistogram? earlier)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            var count = _counts[i] - (earlier?._counts[i] ?? 0);
            if (count > 0)
            {
                // A count may be read a moment before its sum, so that the sum is one short: its bucket is known all the same.
                var mean = (double)(_sums[i] - (earlier?._sums[i] ?? 0)) / count;
                var (start, end) = (DurationBuckets.StartOf(i), DurationBuckets.EndOf(i) ?? double.PositiveInfinity);
                yield return new DurationSample(mean >= start && mean < end ? mean : start, count);
            }
        }
    }
}

/// <summary>Durations that count as equal.</summary>
/// <param name="MeanMicros">How long each took, in microseconds.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct DurationSample(double MeanMicros, long Count);

/// <summary>Durations of about one length.</summary>
/// <param name="StartMicros">None is shorter than this, in microseconds.</param>
/// <param name="EndMicros">All are shorter than this, in microseconds; null when there is no bound.</param>
/// <param name="Count">How many there are.</param>
/// <param name="SumMicros">How long they took together, in microseconds.</param>
public readonly record struct DurationBucket(long StartMicros, long? EndMicros, long Count, long SumMicros);
