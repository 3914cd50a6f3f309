using System.Collections.Frozen;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>All schedulers by name. The validator and the snapshot builder ask the same table.</summary>
public static class SchedulerCatalog
{
    private static readonly FrozenDictionary<string, SchedulerDefinition> s_byName = new[]
    {
        BoundedLoadScheduler.Definition,
        DestinationHashingScheduler.Definition,
        FailoverScheduler.Definition,
        KernelMaglevScheduler.Definition,
        LeastConnectionsScheduler.Definition,
        LocalityScheduler.Definition,
        LocalityScheduler.ReplicatedDefinition,
        MaglevScheduler.Definition,
        NeverQueueScheduler.Definition,
        OverflowScheduler.Definition,
        RandomScheduler.Definition,
        RendezvousScheduler.Definition,
        RingScheduler.Definition,
        RoundRobinScheduler.Definition,
        ShortestExpectedDelayScheduler.Definition,
        SourceHashingScheduler.Definition,
        TwoChoicesScheduler.Definition,
        WeightedLeastConnectionsScheduler.Definition,
        WeightedRoundRobinScheduler.Definition,
    }.ToFrozenDictionary(static definition => definition.Name, StringComparer.Ordinal);

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What is known of the scheduler <paramref name="name"/>; null when there is none of that name.</summary>
    public static SchedulerDefinition? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>What is wrong with <paramref name="spec"/>, or null when it can be built.</summary>
    public static string? Validate(SchedulerSpec spec) =>
        Find(spec.Name) is { } definition
            ? SchedulerParameters.Problem(definition, spec)
            : $"unknown scheduler \"{spec.Name}\"; known: {string.Join(", ", Names)}";

    /// <summary>Compiles a scheduler for <paramref name="candidates"/>, whose indices it will answer with.</summary>
    /// <exception cref="KeyNotFoundException">The name is not in the catalog; validate first.</exception>
    public static IScheduler Build(SchedulerSpec spec, Candidate[] candidates, SchedulerMemory memory)
    {
        var definition = s_byName[spec.Name];
        return definition.Build(candidates, memory, new SchedulerParameters(definition, spec));
    }
}
