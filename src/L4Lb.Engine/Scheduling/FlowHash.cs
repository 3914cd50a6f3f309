using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The 64 bits that stand for a flow in the hashing schedulers that are not bound to another program's hash. They decide
/// which backend a client has: they may never change between releases.
/// </summary>
internal static class FlowHash
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The hash of an address and port.</summary>
    internal static ulong Of(in AddressKey key)
    {
        unchecked
        {
            var hash = XxHash64.Avalanche((ulong)(key.Address >> 64) + (key.Port * Golden) + Golden);
            return XxHash64.Avalanche(hash ^ (ulong)key.Address);
        }
    }

    /// <summary>Another hash out of one, for the <paramref name="attempt"/>-th try; independent for each attempt.</summary>
    internal static ulong Again(ulong hash, int attempt) => XxHash64.Avalanche(unchecked(hash + ((ulong)attempt * Golden)));

    /// <summary>The hash as a number of a range: its upper bits decide.</summary>
    internal static int Below(ulong hash, int bound) => (int)Math.BigMul(hash, (ulong)bound, out _);

    /// <summary>The hash as a fraction, 0 ≤ f &lt; 1.</summary>
    internal static double Fraction(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
