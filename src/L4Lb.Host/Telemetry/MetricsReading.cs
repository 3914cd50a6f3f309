using L4Lb.Dns.Serving;
using L4Lb.Engine;
using L4Lb.Host.Announcing;
using L4Lb.Host.Running;
using L4Lb.K8s.Provider;

namespace L4Lb.Host.Telemetry;

/// <summary>Everything that one collection tells, read at one moment.</summary>
internal sealed record MetricsReading
{
    /// <summary>Counters of the process.</summary>
    public required LoadBalancerTotals Totals { get; init; }

    /// <summary>Every service port.</summary>
    public required IReadOnlyList<ServiceStatus> Services { get; init; }

    /// <summary>Those of them that have series of their own.</summary>
    public required IReadOnlyList<ServiceSeries> Series { get; init; }

    /// <summary>Every listener.</summary>
    public required IReadOnlyList<ListenerStatus> Listeners { get; init; }

    /// <summary>How the instance fares.</summary>
    public required InstanceState Instance { get; init; }

    /// <summary>Most sessions at once.</summary>
    public required int SessionLimit { get; init; }

    /// <summary>What is done about each announced address.</summary>
    public IReadOnlyList<AddressStatus> Addresses { get; init; } = [];

    /// <summary>Times that somebody else said that an address of ours was theirs.</summary>
    public long AddressConflicts { get; init; }

    /// <summary>How much of each pool is taken; of the leader alone.</summary>
    public IReadOnlyList<PoolUsage> Pools { get; init; } = [];

    /// <summary>Services that wait for an address; of the leader alone.</summary>
    public IReadOnlyList<WaitingService> Waiting { get; init; } = [];

    /// <summary>Whether this instance gives out addresses; null where none does.</summary>
    public bool? IsLeader { get; init; }

    /// <summary>Lines that the access log lost.</summary>
    public long AccessLogDropped { get; init; }

    /// <summary>Questions for names; null where none are answered.</summary>
    public DnsCounters? Dns { get; init; }

    /// <summary>Backends of all service ports.</summary>
    public int BackendCount => Services.Sum(static service => service.Backends.Count);

    /// <summary>Backends that have series of their own.</summary>
    public int BackendSeriesCount => Series.Where(static s => s.HasBackends).Sum(static s => s.Status.Backends.Count);
}
