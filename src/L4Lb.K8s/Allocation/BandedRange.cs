namespace L4Lb.K8s.Allocation;

/// <summary>
/// Numbers 0 … to give out, the lower band preferably to those who ask for a number of their own (KEP-3070 for
/// ClusterIPs, KEP-3668 for NodePorts): who asks for none gets one of the upper band while there is any.
/// </summary>
/// <param name="dynamicSize">How many numbers, from 0, are given to those who ask for none.</param>
/// <param name="staticBand">How many of them, from 0, are the lower band.</param>
internal sealed class BandedRange(ulong dynamicSize, ulong staticBand)
{
    private readonly HashSet<UInt128> _taken = [];

    /// <summary>Takes <paramref name="number"/>; false when somebody has it.</summary>
    public bool TryTake(UInt128 number) => _taken.Add(number);

    /// <summary>Takes a free number; null when there is none.</summary>
    public ulong? TakeAny(Random random) => TakeBetween(staticBand, dynamicSize, random) ?? TakeBetween(0, staticBand, random);

    private ulong? TakeBetween(ulong first, ulong end, Random random)
    {
        if (first >= end)
        {
            return null;
        }

        // A random start, as in the API server: an address that was just given back is not given out at once.
        var count = end - first;
        var start = (ulong)random.NextInt64((long)count);
        for (ulong i = 0; i < count; i++)
        {
            var number = first + ((start + i) % count);
            if (_taken.Add(number))
            {
                return number;
            }
        }

        return null;
    }
}
