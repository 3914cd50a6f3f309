using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Standalone;

/// <summary>What the standalone control plane is told.</summary>
public sealed record StandaloneOptions
{
    /// <summary>Folder that remembers allocations; null remembers them for the life of the process.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>ClusterIP ranges, at most one per family.</summary>
    public IReadOnlyList<IPNetwork> ServiceCidrs { get; init; } = [IPNetwork.Parse("10.96.0.0/16")];

    /// <summary>What was given out in the state folder is read and never changed: somebody else runs with it.</summary>
    public bool ReadOnlyState { get; init; }

    /// <summary>First and last NodePort.</summary>
    public (int First, int Last) NodePortRange { get; init; } = (30000, 32767);

    /// <summary>This node's name, for the Local policies and for hints; null when there is none.</summary>
    public string? NodeName { get; init; }

    /// <summary>This node's zone, for hints; null takes it from the Node object of that name.</summary>
    public string? Zone { get; init; }

    /// <summary>The kinds of address to listen on.</summary>
    public ServeKinds Serve { get; init; } = ServeKinds.All;

    /// <summary>What is wrong with a scheduler, or null: the scheduler catalog's own check. The default accepts all.</summary>
    public Func<SchedulerSpec, string?> SchedulerProblem { get; init; } = static _ => null;

    /// <summary>Folder of the programs that may check backends; null when none may.</summary>
    public string? ExecProbes { get; init; }

    /// <summary>Determines the choice of free addresses and ports; null lets chance do it.</summary>
    public int? Seed { get; init; }
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
