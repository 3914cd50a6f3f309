namespace L4Lb.Engine.Scheduling;

/// <summary>What the catalog knows of a scheduler: the validator, the builder and the documentation read the same entry.</summary>
/// <param name="Name">Its name in manifests.</param>
/// <param name="Summary">How it chooses, in one sentence.</param>
/// <param name="Traits">What may be expected of it.</param>
/// <param name="Build">Compiles one for a list of candidates.</param>
public sealed record SchedulerDefinition(string Name, string Summary, SchedulerTraits Traits, SchedulerFactory Build)
{
    /// <summary>The parameters that it takes.</summary>
    public IReadOnlyList<SchedulerParameterDefinition> Parameters { get; init; } = [];
}

/// <summary>Compiles a scheduler for <paramref name="candidates"/>, whose indices it will answer with.</summary>
/// <param name="candidates">Who may be chosen; the array is not changed afterwards.</param>
/// <param name="memory">What the service's scheduler remembers between snapshots.</param>
/// <param name="parameters">Valid parameters.</param>
public delegate IScheduler SchedulerFactory(Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters);

/// <summary>What may be expected of a scheduler, whatever its algorithm.</summary>
[Flags]
public enum SchedulerTraits
{
    /// <summary>Nothing in particular.</summary>
    None = 0,

    /// <summary>Over many clients with short sessions, shares are in proportion to weights.</summary>
    Weighted = 1,

    /// <summary>The same flow gets the same candidate while the candidates are the same.</summary>
    ByHash = 2,

    /// <summary>When a candidate comes or goes, few flows move that need not.</summary>
    Consistent = 4,

    /// <summary>It looks at how busy candidates are.</summary>
    ByLoad = 8,

    /// <summary>It may name nobody although somebody could serve, as its model in the kernel does.</summary>
    MayRefuse = 16,

    /// <summary>It fills one candidate before it uses the next, so an idle one may stay idle.</summary>
    Packs = 32,
}
