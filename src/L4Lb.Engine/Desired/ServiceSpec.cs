namespace L4Lb.Engine.Desired;

/// <summary>
/// One port of one Service, which is what clients address and what the data plane balances: where to listen, who
/// may serve, and by which rules.
/// </summary>
public sealed record ServiceSpec
{
    /// <summary>Identity; sessions, counters and affinity survive every change that keeps it.</summary>
    public required ServiceKey Key { get; init; }

    /// <summary>Transport protocol of every listen and backend of this service.</summary>
    public TransportProtocol Protocol { get; init; } = TransportProtocol.Tcp;

    /// <summary>Addresses to listen on; none for a Service that is only found by name.</summary>
    public EquatableArray<ListenSpec> Listens { get; init; } = [];

    /// <summary>Every known backend, also those that may not be picked now (their reason says why).</summary>
    public EquatableArray<BackendSpec> Backends { get; init; } = [];

    /// <summary>How to choose among the eligible backends.</summary>
    public SchedulerSpec Scheduler { get; init; } = SchedulerSpec.RoundRobin;

    /// <summary>Client affinity, or null for none.</summary>
    public AffinitySpec? Affinity { get; init; }

    /// <summary>Deadlines and retry bounds.</summary>
    public TimeoutSpec Timeouts { get; init; } = TimeoutSpec.Default;

    /// <summary>What a flow is; for UDP alone.</summary>
    public DatagramSpec Datagrams { get; init; } = DatagramSpec.Default;

    /// <summary>Session limits.</summary>
    public LimitSpec Limits { get; init; } = LimitSpec.None;

    /// <summary>How it is found out who can serve.</summary>
    public HealthSpec Health { get; init; } = HealthSpec.None;

    /// <summary>PROXY protocol to backends and from clients.</summary>
    public ProxyProtocolSpec ProxyProtocol { get; init; } = ProxyProtocolSpec.None;
}

/// <summary>Transport protocols of the Service API.</summary>
public enum TransportProtocol
{
    /// <summary>TCP, one session per connection.</summary>
    Tcp,

    /// <summary>UDP, one flow per client address and port.</summary>
    Udp,

    /// <summary>SCTP; known to the API, not served by this data plane.</summary>
    Sctp,
}
