using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary><c>l4lb.io/v1alpha1</c> AddressPool: addresses that may be given to Services of type LoadBalancer.</summary>
public sealed record AddressPool : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "AddressPool";

    /// <summary><c>spec.addresses</c>: <c>192.0.2.0/24</c>, <c>192.0.2.10-192.0.2.20</c> or a single address, of either family.</summary>
    public EquatableArray<string> Addresses { get; init; } = [];

    /// <summary><c>spec.autoAssign</c>: Services get its addresses without naming it or them.</summary>
    public bool AutoAssign { get; init; } = true;

    /// <summary>
    /// <c>spec.avoidBuggyIPs</c>: IPv4 addresses that end in .0 or .255, which some routers take for broadcasts, are not
    /// given away.
    /// </summary>
    public bool AvoidBuggyIPs { get; init; }

    /// <summary><c>spec.serviceAllocation</c>; null when it is for every Service.</summary>
    public PoolUsers? Users { get; init; }

    /// <summary><c>status</c>; null when nobody has written it.</summary>
    public PoolStatus? Status { get; init; }

    /// <summary>Whether <paramref name="other"/> gives the same addresses to the same Services.</summary>
    public bool SpecEquals(AddressPool other) =>
        this with { Metadata = other.Metadata, Status = other.Status } == other && Metadata.Name == other.Metadata.Name;
}

/// <summary>
/// What <c>status</c> says of a pool. There are more IPv6 addresses than the API has numbers: a count that is too large is
/// <see cref="long.MaxValue"/>.
/// </summary>
public sealed record PoolStatus
{
    /// <summary><c>assignedIPv4</c>: IPv4 addresses that some Service has.</summary>
    public long AssignedIPv4 { get; init; }

    /// <summary><c>availableIPv4</c>: IPv4 addresses that are left.</summary>
    public long AvailableIPv4 { get; init; }

    /// <summary><c>assignedIPv6</c>.</summary>
    public long AssignedIPv6 { get; init; }

    /// <summary><c>availableIPv6</c>.</summary>
    public long AvailableIPv6 { get; init; }

    /// <summary><c>conditions</c>.</summary>
    public EquatableArray<Condition> Conditions { get; init; } = [];
}

/// <summary>Whose Services a pool is for. All that is said must hold; among several values one is enough.</summary>
public sealed record PoolUsers
{
    /// <summary><c>priority</c>: the lowest goes first; 0 comes after all others.</summary>
    public int Priority { get; init; }

    /// <summary><c>namespaces</c>, by name.</summary>
    public EquatableArray<string> Namespaces { get; init; } = [];

    /// <summary><c>namespaceSelectors</c>: by the labels of the namespace; one more way to be among the namespaces.</summary>
    public EquatableArray<LabelSelector> NamespaceSelectors { get; init; } = [];

    /// <summary><c>serviceSelectors</c>: by the labels of the Service.</summary>
    public EquatableArray<LabelSelector> ServiceSelectors { get; init; } = [];
}
