using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Host.Running;

/// <summary>Where the desired state comes from. Not thread-safe: one pipeline loads from it.</summary>
internal interface IDesiredStateSource
{
    /// <summary>Reads everything again. Never throws for bad input: that is in the diagnostics.</summary>
    LoadResult Load();
}

/// <summary>What was loaded.</summary>
/// <param name="Desired">The state asked for; null when errors forbid it.</param>
/// <param name="Diagnostics">Errors and warnings, in the order of the input.</param>
/// <param name="ReadTime">How long reading and checking the input took, before anything was made of it.</param>
internal sealed record LoadResult(DesiredState? Desired, IReadOnlyList<Diagnostic> Diagnostics, TimeSpan ReadTime = default)
{
    /// <summary>Whether the state is the very one that the last load asked for.</summary>
    public bool IsUnchanged { get; init; }
}
