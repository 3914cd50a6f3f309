using L4Lb.Engine.Health;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine;

/// <summary>Process-wide limits of the data plane, fixed at start.</summary>
public sealed record LoadBalancerOptions
{
    /// <summary>Threads that forward, each with its own listeners and event loop; default one per core.</summary>
    public int Shards { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of the one copy buffer that each shard has.</summary>
    public int RelayBufferBytes { get; init; } = 128 * 1024;

    /// <summary>Most concurrent sessions; 0 computes the limit from RLIMIT_NOFILE.</summary>
    public int MaxSessions { get; init; }

    /// <summary>Most concurrent UDP flows; 0 leaves them half of the descriptors, and seven of eight ephemeral ports.</summary>
    public int MaxFlows { get; init; }

    /// <summary>
    /// Whether datagrams of the same size in a row cross the kernel as one (UDP GRO on receive, GSO on send), where the
    /// kernel can; off handles each by itself.
    /// </summary>
    public bool UdpOffload { get; init; } = true;

    /// <summary>Kernel accept queue of a listener (capped by net.core.somaxconn).</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Whether bulk directions move to splice(2); off copies everything.</summary>
    public bool Splice { get; init; } = true;

    /// <summary>Receives every closed session; null for nobody.</summary>
    public ISessionLog? SessionLog { get; init; }

    /// <summary>Most health checks at a time; those due beyond that wait. Each takes one descriptor while it runs.</summary>
    public int MaxConcurrentProbes { get; init; } = 128;

    /// <summary>Most programs of health checks at a time.</summary>
    public int MaxConcurrentPrograms { get; init; } = 8;

    /// <summary>Receives every change of a backend's health; null for nobody.</summary>
    public IHealthLog? HealthLog { get; init; }

    /// <summary>
    /// Is told of all listeners after some of them opened or closed, because a backend that can serve came or the last one
    /// went, among others; null for nobody. Called by whoever changed them, one at a time: it must return at once.
    /// </summary>
    public Action<IReadOnlyList<ListenerStatus>>? ListenersChanged { get; init; }

    /// <summary>The time of health checks. Sessions have their shard's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
