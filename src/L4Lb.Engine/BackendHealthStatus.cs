namespace L4Lb.Engine;

/// <summary>What health knows of one backend.</summary>
public sealed record BackendHealthStatus
{
    /// <summary>Nobody looks.</summary>
    public static BackendHealthStatus Unchecked { get; } = new();

    /// <summary>Whether it can serve.</summary>
    public HealthState State { get; init; }

    /// <summary>Why, in words; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when, UTC; the default value when it never changed.</summary>
    public DateTime SinceUtc { get; init; }

    /// <summary>Its agent asks for no new sessions.</summary>
    public bool Drains { get; init; }

    /// <summary>The last active check; null before the first.</summary>
    public CheckStatus? LastCheck { get; init; }

    /// <summary>The last question to its agent; null before the first.</summary>
    public CheckStatus? LastAgentCheck { get; init; }

    /// <summary>Active checks done.</summary>
    public long Checks { get; init; }

    /// <summary>Active checks that failed.</summary>
    public long ChecksFailed { get; init; }

    /// <summary>Times that it was ejected because sessions could not connect to it.</summary>
    public long Ejections { get; init; }
}
