using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine;

/// <summary>What applying a desired state came to.</summary>
/// <param name="Revision">The revision asked for.</param>
/// <param name="Errors">Why it was refused as a whole; empty when it is in force.</param>
/// <param name="Changed">Services added, changed or removed by it.</param>
public sealed record ApplyResult(long Revision, IReadOnlyList<ValidationError> Errors, int Changed)
{
    /// <summary>Whether the state is in force.</summary>
    public bool Accepted => Errors.Count == 0;
}

/// <summary>One listener and how it fares.</summary>
/// <param name="Service">Service port that it belongs to.</param>
/// <param name="Listen">What was asked.</param>
/// <param name="State">Whether it listens.</param>
/// <param name="Problem">What is wrong and what would help; null when nothing is.</param>
public sealed record ListenerStatus(ServiceKey Service, ListenSpec Listen, ListenerState State, string? Problem)
{
    /// <summary>Protocol of the service port.</summary>
    public TransportProtocol Protocol { get; init; }
}

/// <summary>States of a listener.</summary>
public enum ListenerState
{
    /// <summary>Bound and accepting.</summary>
    Listening,

    /// <summary>Closed on purpose: no backend is eligible, so the kernel refuses clients.</summary>
    NoBackend,

    /// <summary>Could not be bound; the status says what would help.</summary>
    Failed,
}

/// <summary>Counters of one backend, summed over the shards.</summary>
/// <param name="Spec">What was asked.</param>
/// <param name="Active">Sessions now.</param>
/// <param name="Total">Sessions ever.</param>
/// <param name="ConnectFailures">Connects that failed.</param>
public sealed record BackendStatus(BackendSpec Spec, int Active, long Total, long ConnectFailures)
{
    /// <summary>Weight that it has now, after what operators set and what health allows; 0 gets no new sessions.</summary>
    public double EffectiveWeight { get; init; }

    /// <summary>Weight that an operator set; null for the desired one.</summary>
    public int? WeightOverride { get; init; }

    /// <summary>An operator keeps new sessions from it.</summary>
    public bool IsDrained { get; init; }

    /// <summary>What was relayed to and from it.</summary>
    public TrafficStatus Traffic { get; init; }

    /// <summary>What health knows of it.</summary>
    public BackendHealthStatus Health { get; init; } = BackendHealthStatus.Unchecked;
}

/// <summary>One service port in force.</summary>
/// <param name="Spec">What was asked.</param>
/// <param name="Active">Sessions now.</param>
/// <param name="Total">Sessions ever.</param>
/// <param name="Backends">Its backends, in the order of the spec.</param>
/// <param name="Affinity">Its affinity table, which ports of a Service may share; null without affinity.</param>
public sealed record ServiceStatus(
    ServiceSpec Spec, int Active, long Total, IReadOnlyList<BackendStatus> Backends, AffinityStatus? Affinity)
{
    /// <summary>Live affinity entries.</summary>
    public int AffinityEntries => Affinity?.Entries ?? 0;

    /// <summary>What became of its sessions.</summary>
    public SessionTotals Sessions { get; init; } = SessionTotals.None;

    /// <summary>Sessions that wait for room now; not among the active ones.</summary>
    public int Waiting { get; init; }

    /// <summary>What is known of its clients' addresses; null without limits per source.</summary>
    public SourceStatus? Sources { get; init; }
}

/// <summary>What is known of the addresses (or networks) that clients of a service come from.</summary>
/// <param name="Count">Sources remembered.</param>
/// <param name="Denied">Those of them that are denied now.</param>
/// <param name="Active">Their open sessions.</param>
/// <param name="Refused">Sessions ever refused because of their source.</param>
public sealed record SourceStatus(int Count, int Denied, int Active, long Refused);

/// <summary>What became of an operator's wish.</summary>
public enum OverrideResult
{
    /// <summary>It holds.</summary>
    Done,

    /// <summary>No such service port is in force.</summary>
    UnknownService,

    /// <summary>The service port has no such backend.</summary>
    UnknownBackend,
}

/// <summary>Counters of the whole process, summed over the shards at slightly different moments.</summary>
public sealed record LoadBalancerTotals
{
    /// <summary>Clients accepted; of UDP ports, flows begun or refused.</summary>
    public long Accepted { get; init; }

    /// <summary>Sessions closed, by reason.</summary>
    public required IReadOnlyDictionary<CloseReason, long> Closed { get; init; }

    /// <summary>Connects started.</summary>
    public long ConnectAttempts { get; init; }

    /// <summary>Connects that failed.</summary>
    public long ConnectFailures { get; init; }

    /// <summary>Connects that were not their session's first.</summary>
    public long Retries { get; init; }

    /// <summary>How long connects took that succeeded.</summary>
    public required DurationHistogram ConnectTimes { get; init; }

    /// <summary>Times that accepting paused for want of descriptors.</summary>
    public long AcceptPauses { get; init; }

    /// <summary>Bytes handed to backends.</summary>
    public long BytesFromClients { get; init; }

    /// <summary>Bytes handed to clients.</summary>
    public long BytesFromBackends { get; init; }

    /// <summary>Datagrams handed to backends.</summary>
    public long DatagramsFromClients { get; init; }

    /// <summary>Datagrams handed to clients.</summary>
    public long DatagramsFromBackends { get; init; }

    /// <summary>Datagrams dropped for their size.</summary>
    public long DatagramsOversized { get; init; }

    /// <summary>Datagrams dropped for want of room in a socket or of memory, and answers that nobody expected.</summary>
    public long DatagramsDropped { get; init; }

    /// <summary>Datagrams sent once more, because a backend turned out to be unreachable.</summary>
    public long DatagramsResent { get; init; }

    /// <summary>Sessions open now.</summary>
    public long Active => Accepted - Closed.Values.Sum();
}
