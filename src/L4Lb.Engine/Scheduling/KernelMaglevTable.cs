using System.Numerics;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The Maglev table as IPVS fills it (Linux net/netfilter/ipvs/ip_vs_mh.c): candidates claim slots in list order, each as
/// many in a row as it has turns, by offset and skip from their address and port. Immutable.
/// </summary>
internal static class KernelMaglevTable
{
    // Either half of the key of the first and of the second hash.
    private const ulong OffsetKey = 2654435761;
    private const ulong SkipKey = 2654446892;

    // The sizes that the kernel can be configured with.
    private static readonly int[] s_kernelSizes = [251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071];

    internal static int LeastSize => s_kernelSizes[0];

    internal static int MostSize => s_kernelSizes[^1];

    /// <summary>
    /// The owner of each slot; empty when nobody has a weight. IPVS refuses a list that is longer than the table. Ours comes
    /// from elsewhere and cannot be refused, so the table grows to the next of the kernel's sizes instead.
    /// </summary>
    /// <param name="candidates">Who claims slots, by full weight.</param>
    /// <param name="size">Number of slots, a prime.</param>
    internal static int[] Fill(Candidate[] candidates, int size)
    {
        if (candidates.Length > size)
        {
            size = s_kernelSizes.FirstOrDefault(larger => larger >= candidates.Length, MostSize);
        }

        var turns = Turns(candidates, size);
        return turns.Any(static n => n > 0) ? Fill(candidates, turns, size) : [];
    }

    /// <summary>The slot of a folded address and port in a table of <paramref name="size"/>.</summary>
    internal static int SlotOf(uint key, int size) => (int)(KernelHash.Sip(key, OffsetKey, OffsetKey) % (uint)size);

    private static uint SkipOf(uint key, int size) => (KernelHash.Sip(key, SkipKey, SkipKey) % (uint)(size - 1)) + 1;

    private static int[] Fill(Candidate[] candidates, int[] turns, int size)
    {
        var slots = new int[size];
        Array.Fill(slots, -1);
        var positions = Array.ConvertAll(candidates, c => (uint)SlotOf(KernelHash.Fold(c.Address), size));
        var skips = Array.ConvertAll(candidates, c => SkipOf(KernelHash.Fold(c.Address), size));
        var left = size;
        while (true)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                for (var turn = 0; turn < turns[i]; turn++)
                {
                    while (slots[positions[i]] >= 0)
                    {
                        positions[i] = (positions[i] + skips[i]) % (uint)size;
                    }

                    slots[positions[i]] = i;
                    if (--left == 0)
                    {
                        return slots;
                    }
                }
            }
        }
    }

    /// <summary>Weights by their common divisor, of which only the highest bits count when they are large.</summary>
    private static int[] Turns(Candidate[] candidates, int size)
    {
        var divisor = candidates.Aggregate(0, static (gcd, candidate) => GreatestCommonDivisor(gcd, candidate.FullWeight));
        if (divisor == 0)
        {
            return new int[candidates.Length];
        }

        // As many bits as half of the size has: 6 of the 12 of 4,093.
        var shift = Math.Max(0, BitLength(candidates.Max(static c => c.FullWeight) / divisor) - (BitLength(size) / 2));
        return Array.ConvertAll(candidates, c => c.FullWeight == 0 ? 0 : Math.Max(1, c.FullWeight / divisor >> shift));
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private static int BitLength(int number) => 32 - BitOperations.LeadingZeroCount((uint)number);
}
