namespace L4Lb.Engine.Desired;

/// <summary>Deadlines of a session, and how often a connect is tried.</summary>
public sealed record TimeoutSpec
{
    /// <summary>The defaults of the data plane.</summary>
    public static TimeoutSpec Default { get; } = new();

    /// <summary>Bound of <see cref="ConnectAttempts"/>: what a session remembers of its attempts is of fixed size.</summary>
    public const int MaxConnectAttempts = 8;

    /// <summary>Most backends tried for one session, 1…<see cref="MaxConnectAttempts"/>.</summary>
    public int ConnectAttempts { get; init; } = 4;

    /// <summary>
    /// Time that one attempt may take, by attempt; the last value holds for all further ones. Short first, because a
    /// blackholed backend should cost little while others can answer.
    /// </summary>
    public EquatableArray<TimeSpan> ConnectTimeouts { get; init; } =
    [
        TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2),
    ];

    /// <summary>Time that all attempts together may take.</summary>
    public TimeSpan ConnectBudget { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Silence in both directions after which a session or flow is closed.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Silence after which a session with one direction finished is closed.</summary>
    public TimeSpan HalfClose { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time that sessions of a removed backend or listener may go on.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);
}
