using System.Numerics;

namespace L4Lb.Lab.Measuring;

/// <summary>
/// Counts durations in buckets that are exact below 128 µs and at most 1/128 (0.8 %) wide above, as HdrHistogram's with two
/// digits (Gil Tene, hdrhistogram.org). Recording allocates nothing. For one thread; <see cref="Add(Histogram)"/> joins several.
/// </summary>
public sealed class Histogram
{
    private const int Exact = 128;
    private const int Octaves = 36; // up to 2^43 µs, a hundred days
    private const int Size = Exact * (Octaves + 1);

    private readonly long[] _counts = new long[Size];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum in microseconds, exact.</summary>
    public double Sum { get; private set; }

    /// <summary>The longest in microseconds, exact; 0 without any.</summary>
    public double Max { get; private set; }

    /// <summary>Their mean in microseconds; 0 without any.</summary>
    public double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>Every bucket that is not empty, the shortest first: its lower bound in microseconds, and how many it has.</summary>
    public IEnumerable<HistogramBucket> Buckets
    {
        get
        {
            for (var i = 0; i < Size; i++)
            {
                if (_counts[i] > 0)
                {
                    yield return new HistogramBucket(LowerOf(i), _counts[i]);
                }
            }
        }
    }

    /// <summary>Counts one of <paramref name="micros"/> microseconds; less than 0 counts as 0.</summary>
    public void Record(double micros)
    {
        micros = Math.Max(micros, 0);
        _counts[IndexOf(micros)]++;
        Count++;
        Sum += micros;
        Max = Math.Max(Max, micros);
    }

    /// <summary>Counts all of <paramref name="other"/>.</summary>
    public void Add(Histogram other)
    {
        for (var i = 0; i < Size; i++)
        {
            _counts[i] += other._counts[i];
        }

        (Count, Sum, Max) = (Count + other.Count, Sum + other.Sum, Math.Max(Max, other.Max));
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Sum, Max) = (0, 0, 0);
    }

    /// <summary>
    /// The duration in microseconds that <paramref name="quantile"/> (0…1) of all did not exceed, to half a bucket; 0 without any.
    /// </summary>
    public double Quantile(double quantile)
    {
        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Math.Max(Count, 1));
        for (var i = 0; i < Size; i++)
        {
            rank -= _counts[i];
            if (rank <= 0 && _counts[i] > 0)
            {
                return Math.Min(i < Exact ? i : (LowerOf(i) + LowerOf(i + 1)) / 2.0, Max);
            }
        }

        return 0;
    }

    /// <summary>A histogram of these buckets, as a result file has them.</summary>
    /// <param name="buckets">Lower bounds and counts.</param>
    /// <param name="sum">The exact sum in microseconds.</param>
    /// <param name="max">The longest in microseconds.</param>
    public static Histogram From(IEnumerable<HistogramBucket> buckets, double sum, double max)
    {
        var histogram = new Histogram { Sum = sum, Max = max };
        foreach (var (lower, count) in buckets)
        {
            histogram._counts[IndexOf(lower)] += count;
            histogram.Count += count;
        }

        return histogram;
    }

    private static int IndexOf(double micros)
    {
        var value = (ulong)micros;
        if (value < Exact)
        {
            return (int)value;
        }

        var octave = BitOperations.Log2(value) - 7;
        return octave >= Octaves ? Size - 1 : (Exact * octave) + (int)(value >> octave);
    }

    private static long LowerOf(int index)
    {
        var octave = Math.Max((index / Exact) - 1, 0);
        return (long)(index - (Exact * octave)) << octave;
    }
}

/// <summary>Durations of about one length.</summary>
/// <param name="Lower">None is shorter, in microseconds.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct HistogramBucket(long Lower, long Count);
