using System.Numerics;

namespace L4Lb.Lab.Simulation;

/// <summary>
/// Latencies of many backends, each in buckets 1/16 wide: enough for a percentile, and little enough to have thousands of
/// them. For one thread.
/// </summary>
internal sealed class BackendLatencies
{
    private const int Parts = 16;
    private const int Octaves = 36;
    private const int Size = Parts * (Octaves + 1);

    // 2.4 KB each: beyond this many they would take the memory of everything else.
    private const int BackendsMost = 20_000;

    private readonly int[] _counts;

    internal BackendLatencies(int backends) => _counts = backends <= BackendsMost ? new int[backends * Size] : [];

    internal void Record(int backend, double micros)
    {
        if (_counts.Length > 0)
        {
            _counts[(backend * Size) + IndexOf((ulong)Math.Max(micros, 0))]++;
        }
    }

    /// <summary>The 99th percentile of a backend in microseconds; 0 without any.</summary>
    internal double P99(int backend)
    {
        var counts = _counts.Length == 0 ? [] : _counts.AsSpan(backend * Size, Size);
        var all = 0L;
        foreach (var count in counts)
        {
            all += count;
        }

        var rank = (long)Math.Ceiling(0.99 * all);
        for (var i = 0; i < counts.Length && all > 0; i++)
        {
            rank -= counts[i];
            if (rank <= 0)
            {
                return (LowerOf(i) + LowerOf(i + 1)) / 2.0;
            }
        }

        return 0;
    }

    private static int IndexOf(ulong value)
    {
        if (value < Parts)
        {
            return (int)value;
        }

        var octave = BitOperations.Log2(value) - 4;
        return octave >= Octaves ? Size - 1 : (Parts * octave) + (int)(value >> octave);
    }

    private static long LowerOf(int index)
    {
        var octave = Math.Max((index / Parts) - 1, 0);
        return (long)(index - (Parts * octave)) << octave;
    }
}
