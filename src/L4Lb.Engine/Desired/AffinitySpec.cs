namespace L4Lb.Engine.Desired;

/// <summary>ClientIP affinity: a client address keeps its backend while it returns within the timeout.</summary>
public sealed record AffinitySpec
{
    /// <summary>The Service API's default, three hours.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10800);

    /// <summary>Sliding lifetime of an entry, refreshed by each new session; 1 s … 86400 s.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Whether each port sticks on its own (the Service API's rule) or all ports of the Service together.</summary>
    public AffinityScope Scope { get; init; } = AffinityScope.Port;

    /// <summary>Most entries kept; the least recently used goes first beyond it.</summary>
    public int MaxEntries { get; init; } = 65536;
}

/// <summary>What an affinity entry is valid for.</summary>
public enum AffinityScope
{
    /// <summary>One service port.</summary>
    Port,

    /// <summary>All ports of the Service: the same backend address, whatever the port.</summary>
    Service,
}
