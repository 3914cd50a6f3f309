using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Discovery;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Standalone;

/// <summary>What came of planning.</summary>
/// <param name="Desired">The state for the data plane; after errors, the last one that had none.</param>
/// <param name="Services">Every Service with its allocated addresses and ports filled in, as the API server would return it,
/// by namespace and name.</param>
/// <param name="Diagnostics">Errors (the plan is void) and warnings.</param>
/// <param name="Served">The kinds of address that are listened on.</param>
public sealed record Plan(
    DesiredState Desired, IReadOnlyList<Service> Services, IReadOnlyList<Diagnostic> Diagnostics, ServeKinds Served)
{
    /// <summary>Every Service as clients find it, by namespace and name; empty after errors.</summary>
    public IReadOnlyList<DiscoveredService> Discovered { get; init; } = [];

    /// <summary>Services whose ClusterIP neither the files nor the folder of the state have, where that is only read: the next plan gives
    /// them another.</summary>
    public IReadOnlyList<ObjectName> MadeUp { get; init; } = [];

    /// <summary>Whether any diagnostic is an error.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}
