using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Annotations;

/// <summary>What the annotations of a Service ask of the data plane. Immutable; null means the default.</summary>
public sealed record ServiceAnnotations
{
    /// <summary>No annotations.</summary>
    public static ServiceAnnotations None { get; } = new();

    /// <summary><c>l4lb.io/scheduler</c>.</summary>
    public SchedulerSpec Scheduler { get; init; } = SchedulerSpec.RoundRobin;

    /// <summary><c>l4lb.io/weights</c>.</summary>
    public WeightTable Weights { get; init; } = WeightTable.Empty;

    /// <summary><c>l4lb.io/connect-attempts</c>.</summary>
    public int? ConnectAttempts { get; init; }

    /// <summary><c>l4lb.io/connect-timeout</c>, of each attempt.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary><c>l4lb.io/idle-timeout</c>.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary><c>l4lb.io/half-close-timeout</c>.</summary>
    public TimeSpan? HalfCloseTimeout { get; init; }

    /// <summary><c>l4lb.io/drain-timeout</c>.</summary>
    public TimeSpan? DrainTimeout { get; init; }

    /// <summary>Limits on sessions.</summary>
    public LimitSpec Limits { get; init; } = LimitSpec.None;

    /// <summary><c>l4lb.io/deny-source-ranges</c>.</summary>
    public EquatableArray<IPNetwork> DeniedRanges { get; init; } = [];

    /// <summary>The affinity of a Service that has one; its timeout is the Service's own.</summary>
    public AffinitySpec Affinity { get; init; } = new();

    /// <summary>
    /// How it is found out who can serve. Passive detection is on unless it is switched off: it costs nothing, and
    /// without it every n-th client waits for a connect to a backend that is known to fail.
    /// </summary>
    public HealthSpec Health { get; init; } = HealthSpec.None with { Outlier = OutlierSpec.Default };

    /// <summary>PROXY protocol, as TCP ports have it; see <see cref="ProxyProtocolFor"/>.</summary>
    public ProxyProtocolSpec ProxyProtocol { get; init; } = ProxyProtocolSpec.None;

    /// <summary><c>l4lb.io/udp</c>, for UDP ports.</summary>
    public DatagramSpec Datagrams { get; init; } = DatagramSpec.Default;

    /// <summary><c>l4lb.io/load-balancer-ips</c> and MetalLB's equivalent.</summary>
    public EquatableArray<IPAddress> LoadBalancerIPs { get; init; } = [];

    /// <summary><c>l4lb.io/address-pool</c> and MetalLB's equivalent; empty for any pool.</summary>
    public string AddressPool { get; init; } = "";

    /// <summary><c>l4lb.io/allow-shared-ip</c> and MetalLB's equivalent; empty to share with nobody.</summary>
    public string SharingKey { get; init; } = "";

    /// <summary>Reads the annotations of <paramref name="service"/>.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="options">What values depend on.</param>
    /// <param name="diagnostics">Takes bad values as errors, unknown names as warnings.</param>
    public static ServiceAnnotations Parse(
        Service service, AnnotationOptions options, ICollection<Diagnostic> diagnostics) =>
        service.Metadata.Annotations.IsEmpty ? None : ServiceAnnotationReader.Read(service, options, diagnostics);

    /// <summary>The deadlines of a port of <paramref name="protocol"/>.</summary>
    public TimeoutSpec TimeoutsFor(TransportProtocol protocol)
    {
        var defaults = protocol == TransportProtocol.Tcp ? TimeoutSpec.Default : s_datagrams;
        var attempts = ConnectAttempts ?? defaults.ConnectAttempts;
        return defaults with
        {
            ConnectAttempts = attempts,
            ConnectTimeouts = ConnectTimeout is { } each ? [each] : defaults.ConnectTimeouts,
            ConnectBudget = ConnectTimeout is { } one ? one * attempts : defaults.ConnectBudget,
            Idle = IdleTimeout ?? defaults.Idle,
            HalfClose = HalfCloseTimeout ?? defaults.HalfClose,
            Drain = DrainTimeout ?? defaults.Drain,
        };
    }

    /// <summary>
    /// The PROXY protocol of a port of <paramref name="protocol"/>: datagrams are described by version 2 alone, and no
    /// header is read from them.
    /// </summary>
    public ProxyProtocolSpec ProxyProtocolFor(TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Tcp => ProxyProtocol,
        TransportProtocol.Udp when ProxyProtocol.Send == ProxyProtocolVersion.V2 =>
            ProxyProtocolSpec.None with { Send = ProxyProtocolVersion.V2 },
        _ => ProxyProtocolSpec.None,
    };

    // Nothing says that a flow has ended, so its silence must mean it sooner than a connection's.
    private static readonly TimeoutSpec s_datagrams = TimeoutSpec.Default with { Idle = TimeSpan.FromSeconds(30) };
}
