namespace L4Lb.Engine.Desired;

/// <summary>Bounds on concurrent sessions; 0 means none but the process's own.</summary>
public sealed record LimitSpec
{
    /// <summary>No limits.</summary>
    public static LimitSpec None { get; } = new();

    /// <summary>Most concurrent sessions of the service port.</summary>
    public int MaxSessions { get; init; }

    /// <summary>Most concurrent sessions of each backend.</summary>
    public int BackendMaxSessions { get; init; }
}
