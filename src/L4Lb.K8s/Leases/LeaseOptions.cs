using System.Collections.Immutable;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Leases;

/// <summary>Which lease, who wants it, and how.</summary>
internal sealed record LeaseOptions
{
    /// <summary>Namespace and name of the Lease.</summary>
    public required ObjectName Name { get; init; }

    /// <summary>
    /// Who we are. No two processes may be it at the same time: a Lease with this name in it is taken without waiting.
    /// </summary>
    public required string Identity { get; init; }

    /// <summary>The times.</summary>
    public LeaseTerms Terms { get; init; } = LeaseTerms.Default;

    /// <summary>Labels of a Lease that is created.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = new ObjectMeta().Labels;

    /// <summary>
    /// How long to leave a lease alone that is free, so that somebody who should rather have it is faster; infinite for as long
    /// as we should not have it at all. Asked again and again, on the elector's task.
    /// </summary>
    public Func<TimeSpan> Delay { get; init; } = static () => TimeSpan.Zero;

    /// <summary>
    /// Whether to go on leading while <see cref="LeaseStanding.Unconfirmed"/>, until somebody else is known to have the lease. For
    /// those who find out in another way that they are not alone.
    /// </summary>
    public bool LeadsUnconfirmed { get; init; }

    /// <summary>
    /// Leases that somebody follows anyway, this one among them: candidates then look at it once in its duration and not at every
    /// retry period, which counts where many nodes wait for many leases. Null for none.
    /// </summary>
    public IInformer<Lease>? Watch { get; init; }
}
