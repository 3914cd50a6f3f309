using System.Net;

namespace L4Lb.Engine.Desired;

/// <summary>One address and port on which a service is offered.</summary>
public sealed record ListenSpec
{
    /// <summary>Address and port to bind. The unspecified address means every local one of that family.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Why the service is offered here; decides which traffic policy applied.</summary>
    public ListenKind Kind { get; init; } = ListenKind.Direct;

    /// <summary>Which backends may answer here: the traffic policy of this way in.</summary>
    public BackendScope Scope { get; init; } = BackendScope.Cluster;

    /// <summary>Client networks that are let in; empty lets everyone in. Others are reset.</summary>
    public EquatableArray<IPNetwork> SourceRanges { get; init; } = [];

    /// <summary>Client networks that are reset, even those within <see cref="SourceRanges"/>.</summary>
    public EquatableArray<IPNetwork> DeniedRanges { get; init; } = [];
}

/// <summary>The kinds of address that a Service has.</summary>
public enum ListenKind
{
    /// <summary>Given on the command line.</summary>
    Direct,

    /// <summary><c>spec.clusterIPs</c> and <c>spec.ports[].port</c>.</summary>
    ClusterIP,

    /// <summary>Every local address and <c>spec.ports[].nodePort</c>.</summary>
    NodePort,

    /// <summary>A load balancer address and <c>spec.ports[].port</c>.</summary>
    LoadBalancer,

    /// <summary><c>spec.externalIPs</c> and <c>spec.ports[].port</c>.</summary>
    ExternalIP,
}
