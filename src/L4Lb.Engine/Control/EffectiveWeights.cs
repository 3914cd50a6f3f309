using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Control;

/// <summary>
/// The weights that schedulers are compiled with: what was asked, over it what an operator set, and times what health
/// allows. Pure but for the identities it reads.
/// </summary>
/// <param name="Now">Weights as they hold now; 0 gets no new sessions.</param>
/// <param name="Full">Weights that they would be with nothing the matter.</param>
/// <param name="Scale">What both were multiplied with to make room for parts.</param>
internal sealed record EffectiveWeights(int[] Now, int[] Full, int Scale)
{
    /// <summary>Steps of one unit of weight when health asks for a part of it: HAProxy's 16 would be too coarse for 1 %.</summary>
    private const int Resolution = 100;

    private const int Most = 65535;

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
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = double.IsNaN(factors[i]) ? (isPanic ? 1 : 0) : factors[i];
        }

        return factors.All(static factor => factor is 0 or 1)
            ? new EffectiveWeights([.. full.Zip(factors, static (weight, factor) => factor == 0 ? 0 : weight)], full, 1)
            : Scaled(full, factors);
    }

    /// <summary>Makes room for parts: all weights are multiplied, as far as the largest allows.</summary>
    private static EffectiveWeights Scaled(int[] full, double[] factors)
    {
        var scale = Math.Clamp(Most / Math.Max(full.Max(), 1), 1, Resolution);
        int[] now = [.. full.Zip(factors, Part)];

        // An agent may ask for more than all; what is laid out for the full weight must have room for it.
        return new EffectiveWeights(now, [.. full.Zip(now, (weight, part) => Math.Max(weight * scale, part))], scale);

        int Part(int weight, double factor) =>
            weight == 0 || factor == 0 ? 0 : Math.Clamp((int)Math.Round(weight * scale * factor), 1, Most);
    }
}
