using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Defaults;

/// <summary>Fills in what the API server would fill in when a Service is created. Pure.</summary>
public static class ServiceDefaults
{
    /// <summary>Seconds for which a client stays with an endpoint when the manifest does not say: three hours.</summary>
    public const int AffinityTimeoutSeconds = 10_800;

    /// <summary><paramref name="service"/> with its defaults. A service that has them all comes back as it is.</summary>
    public static Service Apply(Service service)
    {
        var type = OrElse(service.Type, "ClusterIP");
        var affinity = OrElse(service.SessionAffinity, "None");
        var isExternalName = type == "ExternalName";
        return service with
        {
            Type = type,
            Ports = service.Ports.Select(Apply).ToEquatableArray(),
            ClusterIPs = service is { ClusterIP.Length: > 0, ClusterIPs.Count: 0 } ? [service.ClusterIP] : service.ClusterIPs,
            SessionAffinity = affinity,
            HasSessionAffinityConfig = affinity == "ClientIP" || (affinity != "None" && service.HasSessionAffinityConfig),
            SessionAffinityTimeoutSeconds = affinity switch
            {
                "None" => null,
                "ClientIP" => service.SessionAffinityTimeoutSeconds ?? AffinityTimeoutSeconds,
                _ => service.SessionAffinityTimeoutSeconds,
            },
            ExternalTrafficPolicy = IsExternallyAccessible(type, service.ExternalIPs.Count)
                ? OrElse(service.ExternalTrafficPolicy, "Cluster") : service.ExternalTrafficPolicy,
            InternalTrafficPolicy = isExternalName ? service.InternalTrafficPolicy : service.InternalTrafficPolicy ?? "Cluster",
            AllocateLoadBalancerNodePorts = type == "LoadBalancer"
                ? service.AllocateLoadBalancerNodePorts ?? true : service.AllocateLoadBalancerNodePorts,
            Ingress = type == "LoadBalancer" ? service.Ingress.Select(Apply).ToEquatableArray() : service.Ingress,
        };
    }

    /// <summary>Whether <paramref name="service"/> can be reached from outside, so that its external policy means something.</summary>
    public static bool IsExternallyAccessible(Service service) =>
        IsExternallyAccessible(service.Type, service.ExternalIPs.Count);

    private static bool IsExternallyAccessible(string type, int externalIPs) =>
        type is "NodePort" or "LoadBalancer" || (type == "ClusterIP" && externalIPs > 0);

    private static ServicePort Apply(ServicePort port) => port with
    {
        Protocol = OrElse(port.Protocol, "TCP"),
        TargetPort = port.TargetPort is null or { Name: "" } or { Name: null, Number: 0 }
            ? new IntOrString(port.Port, null) : port.TargetPort,
    };

    private static LoadBalancerIngress Apply(LoadBalancerIngress ingress) =>
        ingress is { IP.Length: > 0, IPMode: null } ? ingress with { IPMode = "VIP" } : ingress;

    private static string OrElse(string value, string @default) => value.Length == 0 ? @default : value;
}
