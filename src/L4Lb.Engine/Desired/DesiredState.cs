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

    /// <summary>
    /// Whether <paramref name="other"/> has the same services in the same order, as after most changes. Instances that
    /// stayed the same cost one comparison.
    /// </summary>
    public bool HasSameKeysAs(DesiredState other)
    {
        var left = Services.AsSpan();
        var right = other.Services.AsSpan();
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (!ReferenceEquals(left[i], right[i]) && left[i].Key != right[i].Key)
            {
                return false;
            }
        }

        return true;
    }
}
