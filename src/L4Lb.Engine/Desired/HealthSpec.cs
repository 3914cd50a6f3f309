namespace L4Lb.Engine.Desired;

/// <summary>How it is found out who can serve, and what follows from it.</summary>
public sealed record HealthSpec
{
    /// <summary>Nothing is found out: every backend counts as healthy.</summary>
    public static HealthSpec None { get; } = new();

    /// <summary>Active checks; null for none.</summary>
    public ProbeSpec? Probe { get; init; }

    /// <summary>A question to the backend's own agent, which answers with weight and state; null for none.</summary>
    public AgentSpec? Agent { get; init; }

    /// <summary>Passive detection from the sessions themselves; null for none.</summary>
    public OutlierSpec? Outlier { get; init; }

    /// <summary>How a backend that came up grows to its full weight; null for at once.</summary>
    public SlowStartSpec? SlowStart { get; init; }

    /// <summary>What happens when no backend is healthy.</summary>
    public WhenAllDown WhenAllDown { get; init; } = WhenAllDown.Panic;

    /// <summary>What happens to the open sessions of a backend that goes down.</summary>
    public WhenDown WhenDown { get; init; } = WhenDown.Keep;
}

/// <summary>What happens when no backend is healthy.</summary>
public enum WhenAllDown
{
    /// <summary>All are used, as if healthy: it is likelier that the checks err than that everything is dead.</summary>
    Panic,

    /// <summary>None is used: clients are refused at once.</summary>
    Refuse,
}

/// <summary>What happens to the open sessions of a backend that goes down.</summary>
public enum WhenDown
{
    /// <summary>They go on for as long as they can.</summary>
    Keep,

    /// <summary>They are reset, spread over a moment, so that their clients reconnect elsewhere.</summary>
    Reset,
}

/// <summary>A backend that came up grows to its full weight: weight × max(minimum, (age / window) ^ (1 / aggression)).</summary>
public sealed record SlowStartSpec
{
    /// <summary>Time until the full weight.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>1 grows linearly; more grows faster at first.</summary>
    public double Aggression { get; init; } = 1;

    /// <summary>Least share of the weight, in percent, 1…100.</summary>
    public int MinimumPercent { get; init; } = 10;
}

/// <summary>An agent check: connect, send a line, read one line in HAProxy's grammar (<c>75%</c>, <c>drain</c>, <c>up</c>, …).</summary>
public sealed record AgentSpec
{
    /// <summary>Port of the agent on the backend's address.</summary>
    public required int Port { get; init; }

    /// <summary>Time between two questions.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for one answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Sent after the connect, one character per byte (Latin-1); empty for nothing.</summary>
    public string Send { get; init; } = "";
}
