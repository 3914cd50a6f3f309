namespace L4Lb.K8s.Objects;

/// <summary>Base of the Kubernetes objects that the appliance understands. Immutable.</summary>
public abstract record KubeObject
{
    /// <summary><c>metadata</c>.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>The object's kind, as <c>Service</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Where the object was read; not part of its value.</summary>
    public SourceMap Source { get; init; } = SourceMap.None;
}
