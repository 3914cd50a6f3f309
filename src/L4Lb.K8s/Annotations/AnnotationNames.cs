namespace L4Lb.K8s.Annotations;

/// <summary>The annotations that the appliance reads.</summary>
public static class AnnotationNames
{
    /// <summary>What all of the appliance's own annotations start with.</summary>
    public const string Prefix = "l4lb.io/";

    /// <summary>Scheduler and its parameters: <c>mh,table-size=65537</c>.</summary>
    public const string Scheduler = Prefix + "scheduler";

    /// <summary>Weights by address, on a Service or an EndpointSlice: <c>10.0.0.1=3,10.0.0.2:8080=1</c>.</summary>
    public const string Weights = Prefix + "weights";

    /// <summary>Weight of a Pod.</summary>
    public const string Weight = Prefix + "weight";

    /// <summary>Most backends tried for one session.</summary>
    public const string ConnectAttempts = Prefix + "connect-attempts";

    /// <summary>Time that each attempt may take.</summary>
    public const string ConnectTimeout = Prefix + "connect-timeout";

    /// <summary>Silence after which a session is closed.</summary>
    public const string IdleTimeout = Prefix + "idle-timeout";

    /// <summary>Silence after which a half-closed session is closed.</summary>
    public const string HalfCloseTimeout = Prefix + "half-close-timeout";

    /// <summary>Time that sessions of a removed backend may go on.</summary>
    public const string DrainTimeout = Prefix + "drain-timeout";

    /// <summary>Most concurrent sessions of a service port.</summary>
    public const string MaxSessions = Prefix + "max-sessions";

    /// <summary>Most concurrent sessions of each backend.</summary>
    public const string BackendMaxSessions = Prefix + "backend-max-sessions";

    /// <summary>Sessions at which a backend is full and, after a comma, below which it resumes: IPVS's thresholds.</summary>
    public const string BackendThresholds = Prefix + "backend-thresholds";

    /// <summary>Sessions that wait while all backends are full: <c>100,timeout=5s</c>.</summary>
    public const string Queue = Prefix + "queue";

    /// <summary>Bounds on each client address: <c>rate=20/10s,sessions=50,deny=1m</c>.</summary>
    public const string SourceLimits = Prefix + "source-limits";

    /// <summary>Client networks that are reset, comma separated.</summary>
    public const string DenySourceRanges = Prefix + "deny-source-ranges";

    /// <summary>What a ClientIP affinity entry is valid for: <c>port</c> or <c>service</c>.</summary>
    public const string AffinityScope = Prefix + "affinity-scope";

    /// <summary>Bits of an IPv4 client that affinity goes by.</summary>
    public const string AffinityIPv4Prefix = Prefix + "affinity-ipv4-prefix";

    /// <summary>Bits of an IPv6 client that affinity goes by.</summary>
    public const string AffinityIPv6Prefix = Prefix + "affinity-ipv6-prefix";

    /// <summary>What becomes of a client whose backend drains: <c>rebalance</c> or <c>wait</c>.</summary>
    public const string AffinityWhenGone = Prefix + "affinity-when-gone";

    /// <summary>Who chooses for a new client: <c>scheduler</c> or <c>hash</c>.</summary>
    public const string AffinityFirstPick = Prefix + "affinity-first-pick";

    /// <summary>Most clients remembered.</summary>
    public const string AffinityMaxEntries = Prefix + "affinity-max-entries";

    /// <summary>How backends are probed: <c>http:/ready,interval=2s</c>.</summary>
    public const string HealthCheck = Prefix + "health-check";

    /// <summary>When a backend is ejected to which sessions cannot connect: <c>consecutive=5,ejection=10s</c>.</summary>
    public const string OutlierDetection = Prefix + "outlier-detection";

    /// <summary>How a backend that came up grows to its weight: <c>30s,aggression=1,min=10</c>.</summary>
    public const string SlowStart = Prefix + "slow-start";

    /// <summary>Where backends say their own weight and state: <c>port=9000</c>.</summary>
    public const string AgentCheck = Prefix + "agent-check";

    /// <summary>What happens when no backend is healthy: <c>panic</c> or <c>refuse</c>.</summary>
    public const string WhenAllDown = Prefix + "when-all-down";

    /// <summary>What happens to the sessions of a backend that goes down: <c>keep</c> or <c>reset</c>.</summary>
    public const string WhenDown = Prefix + "when-down";

    /// <summary>PROXY protocol version sent to backends.</summary>
    public const string ProxyProtocol = Prefix + "proxy-protocol";

    /// <summary>Whether clients send a PROXY protocol header.</summary>
    public const string AcceptProxyProtocol = Prefix + "accept-proxy-protocol";

    /// <summary>Networks whose PROXY protocol headers are believed, comma separated.</summary>
    public const string ProxyProtocolTrusted = Prefix + "proxy-protocol-trusted";

    /// <summary>Time until a PROXY protocol header must have come.</summary>
    public const string ProxyProtocolTimeout = Prefix + "proxy-protocol-timeout";

    /// <summary>What a UDP flow is: <c>requests=1,responses=1</c>.</summary>
    public const string Udp = Prefix + "udp";

    /// <summary>Pool to take load balancer addresses from.</summary>
    public const string AddressPool = Prefix + "address-pool";

    /// <summary>Load balancer addresses, comma separated.</summary>
    public const string LoadBalancerIPs = Prefix + "load-balancer-ips";

    /// <summary>Key of Services that may share a load balancer address.</summary>
    public const string AllowSharedIP = Prefix + "allow-shared-ip";

    /// <summary>MetalLB's name for <see cref="LoadBalancerIPs"/>.</summary>
    public const string MetalLBLoadBalancerIPs = MetalLBPrefix + "loadBalancerIPs";

    /// <summary>MetalLB's name for <see cref="AddressPool"/>.</summary>
    public const string MetalLBAddressPool = MetalLBPrefix + "address-pool";

    /// <summary>MetalLB's name for <see cref="AllowSharedIP"/>.</summary>
    public const string MetalLBAllowSharedIP = MetalLBPrefix + "allow-shared-ip";

    /// <summary>MetalLB's older name for <see cref="LoadBalancerIPs"/>.</summary>
    public const string OldMetalLBLoadBalancerIPs = OldMetalLBPrefix + "loadBalancerIPs";

    /// <summary>MetalLB's older name for <see cref="AddressPool"/>.</summary>
    public const string OldMetalLBAddressPool = OldMetalLBPrefix + "address-pool";

    /// <summary>MetalLB's older name for <see cref="AllowSharedIP"/>.</summary>
    public const string OldMetalLBAllowSharedIP = OldMetalLBPrefix + "allow-shared-ip";

    /// <summary>
    /// Written by the provider, to a Service that it takes care of: the class in whose name it does. Whoever finds the cleanup
    /// finalizer, which all implementations share, on a Service that is none of theirs any more knows by it whether it was.
    /// </summary>
    public const string Provider = Prefix + "provider";

    /// <summary>Older place of <c>spec.loadBalancerSourceRanges</c>; the field wins.</summary>
    public const string LoadBalancerSourceRanges = "service.beta.kubernetes.io/load-balancer-source-ranges";

    /// <summary>What MetalLB's annotations start with.</summary>
    internal const string MetalLBPrefix = "metallb.io/";

    /// <summary>What they started with before.</summary>
    internal const string OldMetalLBPrefix = "metallb.universe.tf/";

    /// <summary>Our own names that a Service may have.</summary>
    internal static readonly string[] OnService =
    [
        Scheduler, Weights, ConnectAttempts, ConnectTimeout, IdleTimeout, HalfCloseTimeout, DrainTimeout, MaxSessions,
        BackendMaxSessions, BackendThresholds, Queue, SourceLimits, DenySourceRanges, AffinityScope, AffinityIPv4Prefix,
        AffinityIPv6Prefix, AffinityWhenGone, AffinityFirstPick, AffinityMaxEntries, HealthCheck, OutlierDetection,
        SlowStart, AgentCheck, WhenAllDown, WhenDown, ProxyProtocol, AcceptProxyProtocol, ProxyProtocolTrusted,
        ProxyProtocolTimeout, Udp, AddressPool, LoadBalancerIPs, AllowSharedIP,
    ];

    /// <summary>Our own names that an EndpointSlice may have.</summary>
    internal static readonly string[] OnEndpointSlice = [Weights];

    /// <summary>Our own names that a Pod may have.</summary>
    internal static readonly string[] OnPod = [Weight];

    /// <summary>The field path of an annotation.</summary>
    internal static string PathOf(string name) => $"metadata.annotations[{name}]";
}
