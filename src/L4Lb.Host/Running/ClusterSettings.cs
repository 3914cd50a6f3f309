using L4Lb.K8s.Cluster;

namespace L4Lb.Host.Running;

/// <summary>What <c>l4lb run --kubernetes</c> was told.</summary>
/// <param name="Kubeconfig">Path of a kubeconfig; null looks where others would.</param>
/// <param name="Context">Context of the kubeconfig; null for its current one.</param>
/// <param name="Proxy">What the proxy controller is told.</param>
internal sealed record ClusterSettings(string? Kubeconfig, string? Context, ProxyOptions Proxy);
