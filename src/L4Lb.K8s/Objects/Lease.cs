namespace L4Lb.K8s.Objects;

/// <summary><c>coordination.k8s.io/v1</c> Lease: who does something that only one may do at a time.</summary>
public sealed record Lease : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "Lease";

    /// <summary><c>spec.holderIdentity</c>; empty for nobody.</summary>
    public string Holder { get; init; } = "";

    /// <summary><c>spec.leaseDurationSeconds</c>: how long after a renewal the others wait.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary><c>spec.acquireTime</c>, by the holder's clock.</summary>
    public DateTimeOffset? AcquireTime { get; init; }

    /// <summary><c>spec.renewTime</c>, by the holder's clock, which nobody else should compare with their own.</summary>
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary><c>spec.leaseTransitions</c>: how often it went to another holder.</summary>
    public int Transitions { get; init; }
}
