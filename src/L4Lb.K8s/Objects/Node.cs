namespace L4Lb.K8s.Objects;

/// <summary>The part of a <c>v1</c> Node that matters: its labels (zone, exclusion) are in the metadata.</summary>
public sealed record Node : KubeObject
{
    /// <summary>Label with the node's zone.</summary>
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <inheritdoc/>
    public override string Kind => "Node";
}

/// <summary>A <c>v1</c> Namespace.</summary>
public sealed record Namespace : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "Namespace";
}
