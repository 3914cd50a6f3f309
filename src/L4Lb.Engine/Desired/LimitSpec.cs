namespace L4Lb.Engine.Desired;

/// <summary>Bounds on sessions; 0 means none but the process's own.</summary>
public sealed record LimitSpec
{
    /// <summary>No limits.</summary>
    public static LimitSpec None { get; } = new();

    /// <summary>Most concurrent sessions of the service port; flows, of a UDP port.</summary>
    public int MaxSessions { get; init; }

    /// <summary>Most concurrent sessions of each backend (IPVS: upper threshold).</summary>
    public int BackendMaxSessions { get; init; }

    /// <summary>
    /// A backend that was full takes sessions again once it has fewer than this (IPVS: lower threshold); 0: as soon as
    /// it has fewer than <see cref="BackendMaxSessions"/>.
    /// </summary>
    public int BackendResumeBelow { get; init; }

    /// <summary>Most sessions that wait when all backends are full; 0: they are refused.</summary>
    public int QueueLength { get; init; }

    /// <summary>Longest wait in the queue.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bounds on each client address; null for none.</summary>
    public SourceLimitSpec? PerSource { get; init; }
}

/// <summary>Bounds on what one client address (or network) may do; whoever goes beyond is denied for a while.</summary>
public sealed record SourceLimitSpec
{
    /// <summary>Most new sessions within <see cref="Period"/>; 0 for no bound.</summary>
    public int MaxNewSessions { get; init; }

    /// <summary>The sliding window of <see cref="MaxNewSessions"/>.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most concurrent sessions; 0 for no bound.</summary>
    public int MaxSessions { get; init; }

    /// <summary>Time that a source is denied altogether after it went beyond a bound; zero: only while it is beyond.</summary>
    public TimeSpan DenyFor { get; init; }

    /// <summary>Most sources remembered; the least recently seen goes first beyond it.</summary>
    public int MaxEntries { get; init; } = 65536;

    /// <summary>Bits of an IPv4 client that count, 1…32.</summary>
    public int IPv4PrefixLength { get; init; } = 32;

    /// <summary>Bits of an IPv6 client that count, 1…128.</summary>
    public int IPv6PrefixLength { get; init; } = 64;
}
