using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary>The part of a <c>v1</c> Node that matters; its labels (zone, exclusion) are in the metadata.</summary>
public sealed record Node : KubeObject
{
    /// <summary>Label with the node's zone.</summary>
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>Label that keeps load balancers off a node, unless its value says <c>false</c>.</summary>
    public const string ExcludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

    /// <summary>Taint of a node that the cluster's autoscaler is about to remove.</summary>
    public const string ToBeDeletedTaint = "ToBeDeletedByClusterAutoscaler";

    /// <inheritdoc/>
    public override string Kind => "Node";

    /// <summary><c>spec.unschedulable</c>: the node is cordoned, as the first step of a drain.</summary>
    public bool IsUnschedulable { get; init; }

    /// <summary>Keys of <c>spec.taints</c>.</summary>
    public EquatableArray<string> Taints { get; init; } = [];

    /// <summary><c>status.addresses</c> of type InternalIP, else of type ExternalIP, as written.</summary>
    public EquatableArray<string> Addresses { get; init; } = [];

    /// <summary>Whether <c>status.conditions</c> say NetworkUnavailable.</summary>
    public bool IsNetworkUnavailable { get; init; }

    /// <summary>
    /// Whether load may come in through the node, by the rules of the service controller: it is not being deleted, not about
    /// to be, and not excluded by its label. Whether it is Ready does not count: health checks know better.
    /// </summary>
    public bool MayTakeExternalLoad =>
        Metadata.DeletionTimestamp is null
        && !Taints.Contains(ToBeDeletedTaint)
        && !(Metadata.Labels.TryGetValue(ExcludeLabel, out var value) && !IsFalse(value));

    // What strconv.ParseBool of Go takes for false; anything else, garbage too, excludes.
    private static bool IsFalse(string value) => value is "0" or "f" or "F" or "false" or "False" or "FALSE";
}

/// <summary>A <c>v1</c> Namespace.</summary>
public sealed record Namespace : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "Namespace";
}
