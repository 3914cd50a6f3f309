using System.Net;

namespace L4Lb.Engine.Desired;

/// <summary>One address that may serve a service port.</summary>
public sealed record BackendSpec
{
    /// <summary>The greatest weight.</summary>
    public const int MaxWeight = 65535;

    /// <summary>Address and port to connect to; the identity of the backend within its service.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Share relative to its peers, 0…<see cref="MaxWeight"/>; 0 takes no new sessions.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The traffic policies under which it is eligible; none keeps it only for draining and for show.</summary>
    public BackendScope Scopes { get; init; } = BackendScope.Cluster;

    /// <summary>Why it is not eligible under some policy, in words for <c>explain</c>; null when there is nothing to say.</summary>
    public string? Reason { get; init; }
}

/// <summary>
/// The two independent endpoint choices of the Service API: <c>externalTrafficPolicy</c>/<c>internalTrafficPolicy</c>
/// <c>Cluster</c> or <c>Local</c>. A backend may be eligible under both.
/// </summary>
[Flags]
public enum BackendScope
{
    /// <summary>Eligible under no policy.</summary>
    None = 0,

    /// <summary>Eligible where the policy is <c>Cluster</c>.</summary>
    Cluster = 1,

    /// <summary>Eligible where the policy is <c>Local</c>.</summary>
    Local = 2,
}
