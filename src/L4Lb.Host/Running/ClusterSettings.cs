using System.Net;
using L4Lb.K8s.Cluster;

namespace L4Lb.Host.Running;

/// <summary>What <c>l4lb run --kubernetes</c> was told.</summary>
/// <param name="Kubeconfig">Path of a kubeconfig; null looks where others would.</param>
/// <param name="Context">Context of the kubeconfig; null for its current one.</param>
/// <param name="Proxy">What the proxy controller is told.</param>
internal sealed record ClusterSettings(string? Kubeconfig, string? Context, ProxyOptions Proxy)
{
    /// <summary>Whether to give addresses to Services, while this instance leads.</summary>
    public bool Provider { get; init; } = true;

    /// <summary>Namespace of the Leases; null for that of the credentials.</summary>
    public string? LeaseNamespace { get; init; }

    /// <summary>Where kube-proxy's <c>/healthz</c> and <c>/livez</c> are offered; null for nowhere.</summary>
    public IPEndPoint? HealthzAddress { get; init; }

    /// <summary>Name of this instance among others of the cluster.</summary>
    public string Identity => Proxy.NodeName ?? Environment.MachineName;
}
