using L4Lb.Engine.Desired;
using L4Lb.K8s.Standalone;

namespace L4Lb.K8s.Cluster;

/// <summary>What the proxy controller of a cluster is told.</summary>
public sealed record ProxyOptions
{
    /// <summary>The class of load balancer that Services may ask for and get here, beside those that ask for none.</summary>
    public const string DefaultLoadBalancerClass = "l4lb.io/l4lb";

    /// <summary>The kinds of address to listen on. The rest is left to another proxy on the node, as kube-proxy.</summary>
    public ServeKinds Serve { get; init; } = ServeKinds.LoadBalancer;

    /// <summary>This node's name, for the Local policies and for hints; null when the appliance is no node of the cluster.</summary>
    public string? NodeName { get; init; }

    /// <summary>This node's zone, for hints; null takes it from the Node object of that name.</summary>
    public string? Zone { get; init; }

    /// <summary>Name of this proxy: it has the Services whose label names it and no others. Null has those without the label.</summary>
    public string? ServiceProxyName { get; init; }

    /// <summary>The class of load balancer that this is.</summary>
    public string LoadBalancerClass { get; init; } = DefaultLoadBalancerClass;

    /// <summary>Whether it is that for Services without a class, too; of several in a cluster one may be.</summary>
    public bool HandleUnclassed { get; init; } = true;

    /// <summary>Who is behind the addresses.</summary>
    public BackendKind Backends { get; init; }

    /// <summary>What is wrong with a scheduler, or null: the scheduler catalog's own check. The default accepts all.</summary>
    public Func<SchedulerSpec, string?> SchedulerProblem { get; init; } = static _ => null;

    /// <summary>Folder of the programs that may check backends; null when none may.</summary>
    public string? ExecProbes { get; init; }
}

/// <summary>The values of <c>--backends</c>.</summary>
public enum BackendKind
{
    /// <summary>The endpoints themselves, which have to be routable from here.</summary>
    Endpoints,

    /// <summary>The nodes, at the Service's node port; for an appliance that stands outside.</summary>
    Nodes,
}
