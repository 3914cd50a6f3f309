using System.Numerics;

namespace L4Lb.Engine.Metrics;

/// <summary>
/// Durations counted in buckets whose width grows with the value, so that each is known to an eighth: four buckets for each
/// power of two, from 16 µs to 16.8 s (the layout of HdrHistogram at its coarsest). Written by one thread, read by any.
/// </summary>
internal sealed class DurationCounters
{
    /// <summary>Number of buckets: those below the least bound and beyond the largest included.</summary>
    internal const int Buckets = (DurationBuckets.LargestExponent - DurationBuckets.LeastExponent) * DurationBuckets.PerOctave + 2;

    private readonly long[] _counts = new long[Buckets];
    private readonly long[] _sums = new long[Buckets];

    /// <summary>Counts one.</summary>
    internal void Add(long micros)
    {
        var bucket = DurationBuckets.IndexOf(micros);
        _counts[bucket]++;
        _sums[bucket] += micros;
    }

    /// <summary>Adds what is counted here to <paramref name="counts"/> and <paramref name="sums"/>.</summary>
    internal void AddTo(long[] counts, long[] sums)
    {
        for (var i = 0; i < Buckets; i++)
        {
            counts[i] += Volatile.Read(ref _counts[i]);
            sums[i] += Volatile.Read(ref _sums[i]);
        }
    }
}

/// <summary>Where the buckets of <see cref="DurationCounters"/> begin and end.</summary>
internal static class DurationBuckets
{
    internal const int LeastExponent = 4;
    internal const int LargestExponent = 24;
    internal const int PerOctave = 4;

    private const int OctaveBits = 2;

    /// <summary>The bucket that a duration belongs to.</summary>
    internal static int IndexOf(long micros)
    {
        if (micros < 1L << LeastExponent)
        {
            return 0;
        }

        var exponent = BitOperations.Log2((ulong)micros);
        return exponent >= LargestExponent
            ? DurationCounters.Buckets - 1
            : 1 + ((exponent - LeastExponent) * PerOctave) + (int)((micros >> (exponent - OctaveBits)) & (PerOctave - 1));
    }

    /// <summary>The least duration in microseconds that belongs to a bucket.</summary>
    internal static long StartOf(int bucket) => bucket == 0 ? 0 : EndOf(bucket - 1)!.Value;

    /// <summary>The least duration in microseconds that belongs to no bucket up to this one; of the last there is none.</summary>
    internal static long? EndOf(int bucket)
    {
        if (bucket == DurationCounters.Buckets - 1)
        {
            return null;
        }

        var exponent = LeastExponent + (bucket / PerOctave);
        return (1L << exponent) + ((long)(bucket % PerOctave) << (exponent - OctaveBits));
    }
}
