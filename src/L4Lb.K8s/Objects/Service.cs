using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary><c>v1</c> Service. After defaulting, every field has the value that the API server would have given it.</summary>
public sealed record Service : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "Service";

    /// <summary><c>spec.type</c>: ClusterIP, NodePort, LoadBalancer or ExternalName.</summary>
    public string Type { get; init; } = "";

    /// <summary><c>spec.ports</c>.</summary>
    public EquatableArray<ServicePort> Ports { get; init; } = [];

    /// <summary><c>spec.selector</c>, sorted by key; empty selects nothing.</summary>
    public EquatableArray<KeyValuePair<string, string>> Selector { get; init; } = [];

    /// <summary><c>spec.clusterIP</c>; empty to allocate, <c>None</c> for headless.</summary>
    public string ClusterIP { get; init; } = "";

    /// <summary><c>spec.clusterIPs</c>.</summary>
    public EquatableArray<string> ClusterIPs { get; init; } = [];

    /// <summary><c>spec.ipFamilies</c>: IPv4, IPv6.</summary>
    public EquatableArray<string> IPFamilies { get; init; } = [];

    /// <summary><c>spec.ipFamilyPolicy</c>.</summary>
    public string? IPFamilyPolicy { get; init; }

    /// <summary><c>spec.externalIPs</c>.</summary>
    public EquatableArray<string> ExternalIPs { get; init; } = [];

    /// <summary><c>spec.loadBalancerIP</c> (deprecated, honoured).</summary>
    public string LoadBalancerIP { get; init; } = "";

    /// <summary><c>spec.loadBalancerClass</c>.</summary>
    public string? LoadBalancerClass { get; init; }

    /// <summary><c>spec.loadBalancerSourceRanges</c>, as written.</summary>
    public EquatableArray<string> LoadBalancerSourceRanges { get; init; } = [];

    /// <summary><c>spec.allocateLoadBalancerNodePorts</c>.</summary>
    public bool? AllocateLoadBalancerNodePorts { get; init; }

    /// <summary><c>spec.externalTrafficPolicy</c>: Cluster or Local.</summary>
    public string ExternalTrafficPolicy { get; init; } = "";

    /// <summary><c>spec.internalTrafficPolicy</c>: Cluster or Local.</summary>
    public string? InternalTrafficPolicy { get; init; }

    /// <summary><c>spec.healthCheckNodePort</c>.</summary>
    public int HealthCheckNodePort { get; init; }

    /// <summary><c>spec.sessionAffinity</c>: None or ClientIP.</summary>
    public string SessionAffinity { get; init; } = "";

    /// <summary><c>spec.sessionAffinityConfig.clientIP.timeoutSeconds</c>; null when there is no config.</summary>
    public int? SessionAffinityTimeoutSeconds { get; init; }

    /// <summary>Whether <c>spec.sessionAffinityConfig.clientIP</c> was written at all.</summary>
    public bool HasSessionAffinityConfig { get; init; }

    /// <summary><c>spec.publishNotReadyAddresses</c>.</summary>
    public bool PublishNotReadyAddresses { get; init; }

    /// <summary><c>spec.trafficDistribution</c>.</summary>
    public string? TrafficDistribution { get; init; }

    /// <summary><c>spec.externalName</c>.</summary>
    public string ExternalName { get; init; } = "";

    /// <summary><c>status.loadBalancer.ingress</c>.</summary>
    public EquatableArray<LoadBalancerIngress> Ingress { get; init; } = [];

    /// <summary><c>status.conditions</c>.</summary>
    public EquatableArray<Condition> Conditions { get; init; } = [];

    /// <summary>Whether <c>clusterIP: None</c> was asked for.</summary>
    public bool IsHeadless => ClusterIP == "None";
}

/// <summary>One entry of <c>spec.ports</c>.</summary>
public sealed record ServicePort
{
    /// <summary><c>name</c>; empty when there is one port only.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>protocol</c>: TCP, UDP or SCTP.</summary>
    public string Protocol { get; init; } = "";

    /// <summary><c>port</c>.</summary>
    public int Port { get; init; }

    /// <summary><c>targetPort</c>; null when not written.</summary>
    public IntOrString? TargetPort { get; init; }

    /// <summary><c>nodePort</c>; 0 for none or to allocate.</summary>
    public int NodePort { get; init; }

    /// <summary><c>appProtocol</c>.</summary>
    public string? AppProtocol { get; init; }
}

/// <summary>One entry of <c>status.loadBalancer.ingress</c>.</summary>
/// <param name="IP"><c>ip</c>; empty when there is a hostname only.</param>
/// <param name="Hostname"><c>hostname</c>.</param>
/// <param name="IPMode"><c>ipMode</c>: VIP or Proxy.</param>
public sealed record LoadBalancerIngress(string IP, string Hostname, string? IPMode)
{
    /// <summary><c>ports</c>; empty, or one for each port of the Service.</summary>
    public EquatableArray<IngressPort> Ports { get; init; } = [];
}

/// <summary>What became of a port of the Service at one of its load balancer addresses.</summary>
/// <param name="Port"><c>port</c>.</param>
/// <param name="Protocol"><c>protocol</c>.</param>
/// <param name="Error"><c>error</c>: why it is not served, as <c>example.com/InOneWord</c>; null when it is.</param>
public sealed record IngressPort(int Port, string Protocol, string? Error);
