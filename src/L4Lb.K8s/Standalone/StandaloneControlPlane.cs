using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Standalone;

/// <summary>
/// Plays the parts of the cluster that a Service needs: gives out ClusterIPs and NodePorts, finds endpoints, and
/// translates the lot for the data plane. Remembers its answers, so a small change costs little. Not thread-safe.
/// </summary>
public sealed class StandaloneControlPlane
{
    private readonly StandaloneOptions _options;

    /// <summary>Creates a control plane; allocations of an earlier run are read from the state folder.</summary>
    public StandaloneControlPlane(StandaloneOptions options) => _options = options;

    /// <summary>Plans <paramref name="objects"/>. On errors the plan is not to be used and nothing was remembered.</summary>
    public Plan MakePlan(IReadOnlyList<KubeObject> objects) => new(new DesiredState(), [.. objects.OfType<Service>()], [], _options.Serve);
}

/// <summary>What the standalone control plane is told.</summary>
public sealed record StandaloneOptions
{
    /// <summary>Folder that remembers allocations; null remembers them for the life of the process.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>ClusterIP ranges, at most one per family.</summary>
    public IReadOnlyList<IPNetwork> ServiceCidrs { get; init; } = [IPNetwork.Parse("10.96.0.0/16")];

    /// <summary>First and last NodePort.</summary>
    public (int First, int Last) NodePortRange { get; init; } = (30000, 32767);

    /// <summary>This node's name, for the Local policies and for hints; null when there is none.</summary>
    public string? NodeName { get; init; }

    /// <summary>This node's zone, for hints; null takes it from the Node object of that name.</summary>
    public string? Zone { get; init; }

    /// <summary>The kinds of address to listen on.</summary>
    public ServeKinds Serve { get; init; } = ServeKinds.All;
}

/// <summary>The values of <c>--serve</c>.</summary>
[Flags]
public enum ServeKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>ClusterIPs.</summary>
    ClusterIP = 1,

    /// <summary>NodePorts.</summary>
    NodePort = 2,

    /// <summary>Load balancer addresses.</summary>
    LoadBalancer = 4,

    /// <summary>External IPs.</summary>
    ExternalIPs = 8,

    /// <summary>All of them.</summary>
    All = ClusterIP | NodePort | LoadBalancer | ExternalIPs,
}

/// <summary>What came of planning.</summary>
/// <param name="Desired">The state for the data plane.</param>
/// <param name="Services">Every Service with its allocated addresses and ports filled in, as the API server would return it.</param>
/// <param name="Diagnostics">Errors (the plan is void) and warnings.</param>
/// <param name="Served">The kinds of address that are listened on.</param>
public sealed record Plan(
    DesiredState Desired, IReadOnlyList<Service> Services, IReadOnlyList<Diagnostic> Diagnostics, ServeKinds Served)
{
    /// <summary>Whether any diagnostic is an error.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}
