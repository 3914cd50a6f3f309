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

    /// <summary>It may get new sessions.</summary>
    internal bool IsUsable => State is HealthState.Unchecked or HealthState.Up;
}
