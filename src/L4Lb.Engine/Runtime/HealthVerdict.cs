namespace L4Lb.Engine.Runtime;

/// <summary>What health has found out about a backend. Immutable; replaced as a whole by the health monitor.</summary>
/// <param name="State">Whether it can serve.</param>
/// <param name="Reason">Why, in words; null when there is nothing to say.</param>
/// <param name="SinceUtc">Since when.</param>
internal sealed record HealthVerdict(HealthState State, string? Reason, DateTime SinceUtc)
{
    /// <summary>Nobody looked: it counts as healthy.</summary>
    internal static HealthVerdict Unchecked { get; } = new(HealthState.Unchecked, null, default);

    /// <summary>Share of its weight that it gets, 0…1: slow start, and what its agent asks for.</summary>
    internal double WeightFactor { get; init; } = 1;

    /// <summary>Its agent asks for no new sessions.</summary>
    internal bool Drains { get; init; }

    /// <summary>Most sessions that its agent wants, 0 for no bound; null for what was asked.</summary>
    internal int? MaxSessions { get; init; }

    /// <summary>It may get new sessions.</summary>
    internal bool IsUsable => State is HealthState.Unchecked or HealthState.Up;

    /// <summary>It is out of service, not only under suspicion: its open sessions may be ended for it.</summary>
    internal bool IsDown => State is HealthState.Down or HealthState.Maintenance;

    /// <summary>Whether schedulers need not be told of the difference to <paramref name="other"/>.</summary>
    internal bool MeansTheSameAs(HealthVerdict other) =>
        (IsUsable, WeightFactor, Drains, MaxSessions) == (other.IsUsable, other.WeightFactor, other.Drains, other.MaxSessions);
}
