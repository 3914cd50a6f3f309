namespace L4Lb.K8s.Provider;

/// <summary>What the provider of load balancer addresses is told.</summary>
public sealed record ProviderOptions
{
    /// <summary>The class of Services that are for this provider and no other.</summary>
    public const string DefaultClass = "l4lb.io/l4lb";

    /// <summary>Services with this <c>spec.loadBalancerClass</c> are taken care of.</summary>
    public string LoadBalancerClass { get; init; } = DefaultClass;

    /// <summary>Whether Services without a class are taken care of too; of several providers in a cluster one may.</summary>
    public bool HandleUnclassed { get; init; } = true;

    /// <summary>Only Services of this namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>
    /// The <c>ipMode</c> that is published: Proxy has nodes send what is for the address out to whoever has it; with VIP their
    /// kube-proxy would answer for it, and no connection of a pod would come by here.
    /// </summary>
    public string IPMode { get; init; } = "Proxy";

    /// <summary>
    /// Name of this process, as <c>node-1</c>: in events, and in the Lease of the leader, where no two processes may have the same.
    /// </summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>Services that are worked on at once: each waits for the API server most of the time.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>How often the counts in the status of pools are written, at most.</summary>
    public TimeSpan PoolStatusInterval { get; init; } = TimeSpan.FromSeconds(1);
}
