namespace L4Lb.K8s.Objects;

/// <summary>An <c>events.k8s.io/v1</c> Event as the API server answers one: what it says is written here and never read.</summary>
public sealed record ClusterEvent : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "Event";
}
