using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary><c>v1</c> Endpoints; joined to its Service by name.</summary>
public sealed record Endpoints : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "Endpoints";

    /// <summary><c>subsets</c>.</summary>
    public EquatableArray<EndpointSubset> Subsets { get; init; } = [];
}

/// <summary>One entry of <c>subsets</c>: every address has every port.</summary>
public sealed record EndpointSubset
{
    /// <summary><c>addresses</c>.</summary>
    public EquatableArray<EndpointAddress> Addresses { get; init; } = [];

    /// <summary><c>notReadyAddresses</c>.</summary>
    public EquatableArray<EndpointAddress> NotReadyAddresses { get; init; } = [];

    /// <summary><c>ports</c>.</summary>
    public EquatableArray<EndpointPort> Ports { get; init; } = [];
}

/// <summary>One address of a subset.</summary>
/// <param name="IP"><c>ip</c>.</param>
/// <param name="Hostname"><c>hostname</c>.</param>
/// <param name="NodeName"><c>nodeName</c>.</param>
/// <param name="TargetRef"><c>targetRef</c> as <c>Kind/name</c>, for show.</param>
public sealed record EndpointAddress(string IP, string? Hostname, string? NodeName, string? TargetRef);
