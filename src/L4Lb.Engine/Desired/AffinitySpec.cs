namespace L4Lb.Engine.Desired;

/// <summary>ClientIP affinity: a client address keeps its backend while it returns within the timeout.</summary>
public sealed record AffinitySpec
{
    /// <summary>The Service API's default, three hours.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10800);

    /// <summary>
    /// The scheduler that hashes for <see cref="AffinityFirstPick.ConsistentHash"/>; its parameters are part of what
    /// instances have to agree on, so they are not for everyone to choose.
    /// </summary>
    public static readonly SchedulerSpec ConsistentHashScheduler = new("maglev");

    /// <summary>Sliding lifetime of an entry, refreshed by each new session; 1 s … 86400 s.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Whether each port sticks on its own (the Service API's rule) or all ports of the Service together.</summary>
    public AffinityScope Scope { get; init; } = AffinityScope.Port;

    /// <summary>Most entries kept; the least recently used goes first beyond it.</summary>
    public int MaxEntries { get; init; } = 65536;

    /// <summary>Bits of an IPv4 client that count, 1…32: clients of one network share an entry.</summary>
    public int IPv4PrefixLength { get; init; } = 32;

    /// <summary>Bits of an IPv6 client that count, 1…128; one household usually has a /64 or a /56.</summary>
    public int IPv6PrefixLength { get; init; } = 128;

    /// <summary>What becomes of a client whose backend takes no new sessions.</summary>
    public AffinityWhenGone WhenGone { get; init; } = AffinityWhenGone.Rebalance;

    /// <summary>Who chooses for a client that keeps no backend yet.</summary>
    public AffinityFirstPick FirstPick { get; init; } = AffinityFirstPick.Scheduler;
}

/// <summary>What an affinity entry is valid for.</summary>
public enum AffinityScope
{
    /// <summary>One service port.</summary>
    Port,

    /// <summary>All ports of the Service: the same backend address, whatever the port.</summary>
    Service,
}

/// <summary>What becomes of a client whose backend takes no new sessions.</summary>
public enum AffinityWhenGone
{
    /// <summary>It gets another backend at once, and keeps that one.</summary>
    Rebalance,

    /// <summary>
    /// While the backend only drains (weight 0, or drained by an operator) and still answers, its clients stay with
    /// it, as IPVS does with persistent templates; one that is down or removed is left at once.
    /// </summary>
    WaitForDrain,
}

/// <summary>Who chooses for a client that keeps no backend yet.</summary>
public enum AffinityFirstPick
{
    /// <summary>The service's scheduler.</summary>
    Scheduler,

    /// <summary>
    /// A consistent hash of the client's masked address, also when its backend is gone or does not answer: several
    /// instances with the same backends then agree on every client without talking to each other.
    /// </summary>
    ConsistentHash,
}
