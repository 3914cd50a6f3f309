using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary><c>discovery.k8s.io/v1</c> EndpointSlice.</summary>
public sealed record EndpointSlice : KubeObject
{
    /// <summary>Label that joins a slice to its Service.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <inheritdoc/>
    public override string Kind => "EndpointSlice";

    /// <summary><c>addressType</c>: IPv4, IPv6 or FQDN.</summary>
    public string AddressType { get; init; } = "";

    /// <summary><c>endpoints</c>.</summary>
    public EquatableArray<Endpoint> Endpoints { get; init; } = [];

    /// <summary><c>ports</c>.</summary>
    public EquatableArray<EndpointPort> Ports { get; init; } = [];
}

/// <summary>One entry of <c>endpoints</c>. Conditions that were not written are null.</summary>
public sealed record Endpoint
{
    /// <summary><c>addresses</c>; consumers use the first.</summary>
    public EquatableArray<string> Addresses { get; init; } = [];

    /// <summary><c>conditions.ready</c>; null means true.</summary>
    public bool? Ready { get; init; }

    /// <summary><c>conditions.serving</c>; null means as <see cref="Ready"/>.</summary>
    public bool? Serving { get; init; }

    /// <summary><c>conditions.terminating</c>; null means false.</summary>
    public bool? Terminating { get; init; }

    /// <summary><c>hostname</c>.</summary>
    public string? Hostname { get; init; }

    /// <summary><c>nodeName</c>.</summary>
    public string? NodeName { get; init; }

    /// <summary><c>zone</c>.</summary>
    public string? Zone { get; init; }

    /// <summary>Names in <c>hints.forZones</c>.</summary>
    public EquatableArray<string> ForZones { get; init; } = [];

    /// <summary>Names in <c>hints.forNodes</c>.</summary>
    public EquatableArray<string> ForNodes { get; init; } = [];

    /// <summary><c>targetRef</c> as <c>Kind/name</c>, for show; null when there is none.</summary>
    public string? TargetRef { get; init; }
}

/// <summary>One entry of <c>ports</c>.</summary>
/// <param name="Name"><c>name</c>; null and empty both match an unnamed service port.</param>
/// <param name="Protocol"><c>protocol</c>; TCP when not written.</param>
/// <param name="Port"><c>port</c>; null means all ports, which a proxy skips.</param>
/// <param name="AppProtocol"><c>appProtocol</c>.</param>
public sealed record EndpointPort(string? Name, string? Protocol, int? Port, string? AppProtocol);
