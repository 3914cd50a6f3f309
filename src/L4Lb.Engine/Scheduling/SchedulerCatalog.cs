using System.Collections.Frozen;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>All schedulers by name. The validator and the snapshot builder ask the same table.</summary>
public static class SchedulerCatalog
{
    private static readonly FrozenDictionary<string, Factory> s_factories =
        new Dictionary<string, Factory>(StringComparer.Ordinal)
        {
            ["lc"] = static (candidates, memory) => new LeastConnectionsScheduler(candidates, memory),
            ["random"] = static (candidates, memory) => new RandomScheduler(candidates, memory),
            ["rr"] = static (candidates, memory) => new RoundRobinScheduler(candidates, memory),
            ["wlc"] = static (candidates, memory) => new WeightedLeastConnectionsScheduler(candidates, memory),
            ["wrr"] = static (candidates, memory) => new WeightedRoundRobinScheduler(candidates, memory),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate IScheduler Factory(Candidate[] candidates, SchedulerMemory memory);

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_factories.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What is wrong with <paramref name="spec"/>, or null when it can be built.</summary>
    public static string? Validate(SchedulerSpec spec)
    {
        if (!s_factories.ContainsKey(spec.Name))
        {
            return $"unknown scheduler \"{spec.Name}\"; known: {string.Join(", ", Names)}";
        }

        return spec.Parameters.Count == 0 ? null : $"scheduler \"{spec.Name}\" takes no parameters";
    }

    /// <summary>Compiles a scheduler for <paramref name="candidates"/>, whose indices it will answer with.</summary>
    /// <exception cref="KeyNotFoundException">The name is not in the catalog; validate first.</exception>
    public static IScheduler Build(SchedulerSpec spec, Candidate[] candidates, SchedulerMemory memory) =>
        s_factories[spec.Name](candidates, memory);
}
