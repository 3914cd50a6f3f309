namespace L4Lb.Engine.Desired;

/// <summary>
/// Everything that is asked of the data plane at one moment: immutable, replaced as a whole. The control plane
/// diffs it against the state in force, so an unchanged service is never touched.
/// </summary>
public sealed record DesiredState
{
    /// <summary>Grows with every state that a source publishes; for logs and for "is it in force yet?".</summary>
    public long Revision { get; init; }

    /// <summary>The service ports to serve. Keys are unique (<see cref="DesiredStateValidator"/> checks it).</summary>
    public EquatableArray<ServiceSpec> Services { get; init; } = [];
}
