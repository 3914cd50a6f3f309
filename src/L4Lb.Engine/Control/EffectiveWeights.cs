using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Control;

/// <summary>
/// The weights that schedulers are compiled with: what was asked, over it what an operator set, and times what health
/// allows. Pure but for the identities it reads.
/// </summary>
/// <param name="Now">Weights as they hold now; 0 gets no new sessions.</param>
/// <param name="Full">Weights without what health takes off, in the units of what was asked.</param>
/// <param name="Factors">The part of the full weight that each has now, 0…1, more when its agent asks for it; <paramref
/// name="Now"/> may be in finer units.</param>
internal sealed record EffectiveWeights(int[] Now, int[] Full, double[] Factors)
{
    /// <summary>Steps of one unit of weight when health asks for a part of it: HAProxy's 16 would be too coarse for 1 %.</summary>
    private const int Resolution = 100;

    private const int Most = 65535;

    /// <summary>Those that health left out while it allows others and would allow all rather than none, by index.</summary>
    internal int[] LastResort { get; private init; } = [];

    /// <param name="specs">What was asked.</param>
    /// <param name="backends">Their identities.</param>
    /// <param name="whenAllDown">What happens when health allows none.</param>
    internal static EffectiveWeights Of(BackendSpec[] specs, Backend[] backends, WhenAllDown whenAllDown)
    {
        var full = new int[specs.Length];
        var factors = new double[specs.Length];
        for (var i = 0; i < specs.Length; i++)
        {
            var (health, set) = (backends[i].Health, backends[i].Override);
            full[i] = set.Weight ?? specs[i].Weight;
            factors[i] = set.IsDrained || health.Drains ? 0 : health.IsUsable ? health.WeightFactor : double.NaN;
        }

        // Panic is about those who are down, not about those who drain on purpose.
        var isPanic = whenAllDown == WhenAllDown.Panic && !full.Zip(factors).Any(static b => b.First > 0 && b.Second > 0);
        var leftOut = whenAllDown == WhenAllDown.Panic && !isPanic
            ? Enumerable.Range(0, full.Length).Where(i => full[i] > 0 && double.IsNaN(factors[i])).ToArray()
            : [];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = double.IsNaN(factors[i]) ? (isPanic ? 1 : 0) : factors[i];
        }

        var weights = factors.All(static factor => factor is 0 or 1)
            ? new EffectiveWeights([.. full.Zip(factors, static (weight, factor) => factor == 0 ? 0 : weight)], full, factors)
            : Scale(full, factors);
        return weights with { LastResort = leftOut };
    }

    /// <summary>Makes room for parts: all weights are multiplied, as far as the largest allows.</summary>
    private static EffectiveWeights Scale(int[] full, double[] factors)
    {
        var scale = Math.Clamp(Most / Math.Max(full.Max(), 1), 1, Resolution);
        return new EffectiveWeights([.. full.Zip(factors, Part)], full, factors);

        int Part(int weight, double factor) =>
            weight == 0 || factor == 0 ? 0 : Math.Clamp((int)Math.Round(weight * scale * factor), 1, Most);
    }
}
