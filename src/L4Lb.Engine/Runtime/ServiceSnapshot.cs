using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Runtime;

/// <summary>
/// One consistent answer to: who may serve, in what order, with which timeouts. Immutable; a session reads its
/// service's snapshot once and works with that to the end.
/// </summary>
/// <param name="Spec">What was asked.</param>
/// <param name="Cluster">Who may serve under policy Cluster.</param>
/// <param name="Local">Who may serve under policy Local.</param>
/// <param name="Affinity">Which client belongs to whom; null without affinity.</param>
internal sealed record ServiceSnapshot(ServiceSpec Spec, BackendPool Cluster, BackendPool Local, AffinityTable? Affinity)
{
    /// <summary>Affinity follows the host of a backend, whatever the port.</summary>
    internal bool AffinityByHost { get; } = Spec.Affinity?.Scope == AffinityScope.Service;

    /// <summary>What of a client's address counts for affinity.</summary>
    internal AffinityMask AffinityMask { get; } = new(Spec.Affinity?.IPv4PrefixLength ?? 32, Spec.Affinity?.IPv6PrefixLength ?? 128);

    /// <summary>Time that each attempt of a connect may take, in milliseconds.</summary>
    internal int[] ConnectTimeoutsMs { get; } =
        [.. Spec.Timeouts.ConnectTimeouts.Select(t => (int)Math.Ceiling(t.TotalMilliseconds))];

    /// <summary>Time that all attempts may take together, in milliseconds.</summary>
    internal long ConnectBudgetMs { get; } = (long)Math.Ceiling(Spec.Timeouts.ConnectBudget.TotalMilliseconds);

    /// <summary>Silence that ends a session, in milliseconds.</summary>
    internal long IdleMs { get; } = (long)Math.Ceiling(Spec.Timeouts.Idle.TotalMilliseconds);

    /// <summary>Silence that ends a half-closed session, in milliseconds.</summary>
    internal long HalfCloseMs { get; } = (long)Math.Ceiling(Spec.Timeouts.HalfClose.TotalMilliseconds);

    /// <summary>Time that a session of a removed backend may go on, in milliseconds.</summary>
    internal long DrainMs { get; } = (long)Math.Ceiling(Spec.Timeouts.Drain.TotalMilliseconds);

    /// <summary>PROXY protocol on either side; null for none on both.</summary>
    internal ProxyProtocolRules? ProxyProtocol { get; } = ProxyProtocolRules.From(Spec.ProxyProtocol);

    /// <summary>Whether any backend may take a session now, under whatever policy.</summary>
    internal bool HasRoom() => Cluster.HasRoom() || Local.HasRoom();

    /// <summary>Who may serve under <paramref name="scope"/>.</summary>
    internal BackendPool PoolFor(BackendScope scope) => scope == BackendScope.Local ? Local : Cluster;
}
