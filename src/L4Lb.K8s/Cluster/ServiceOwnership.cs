using L4Lb.Engine.Desired;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Cluster;

/// <summary>Which Services of the cluster are for this proxy, and which of their addresses. Pure.</summary>
internal static class ServiceOwnership
{
    /// <summary>
    /// Whether <paramref name="service"/> is served here, by kube-proxy's rules: it has an address, and its labels leave it to us.
    /// </summary>
    public static bool IsProxied(Service service, ProxyOptions options) =>
        service.ClusterIP.Length > 0 && ServiceTranslator.IsProxied(service, [], options.ServiceProxyName);

    /// <summary>
    /// Whether the load balancer addresses of <paramref name="service"/> are ours. Who writes into the status is told by the
    /// class alone: the addresses of another class lead to that provider's machines, and were we to listen on them too, we would
    /// take its traffic wherever they are routed to this node. <c>ipMode</c> says nothing about it: that is advice for the other
    /// proxies of the node, and ours is written so that they leave our addresses to us.
    /// </summary>
    public static bool IsOurLoadBalancer(Service service, ProxyOptions options) =>
        service.Type == "LoadBalancer"
        && (service.LoadBalancerClass is { } @class ? @class == options.LoadBalancerClass : options.HandleUnclassed);

    /// <summary>
    /// <paramref name="service"/> as it is to be planned: without load balancer addresses that are not ours or of the time before
    /// its type changed, and with the families that an API server before 1.20 does not write.
    /// </summary>
    public static Service Narrow(Service service, ProxyOptions options)
    {
        if (service.Ingress.Count > 0 && !IsOurLoadBalancer(service, options))
        {
            service = service with { Ingress = [] };
        }

        if (service.IPFamilies.Count > 0)
        {
            return service;
        }

        EquatableArray<string> addresses = service.ClusterIPs.Count > 0 ? service.ClusterIPs : [service.ClusterIP];
        return service with
        {
            ClusterIPs = addresses,
            IPFamilies = addresses.Select(static a => a.Contains(':') ? "IPv6" : "IPv4").Distinct(StringComparer.Ordinal).ToEquatableArray(),
        };
    }

    /// <summary>Whether <paramref name="service"/> has any address of the kinds that are served.</summary>
    public static bool HasWayIn(Service service, ServeKinds serve) =>
        serve.HasFlag(ServeKinds.ClusterIP)
        || (serve.HasFlag(ServeKinds.LoadBalancer) && service.Ingress.Any(static i => i.IP.Length > 0))
        || (serve.HasFlag(ServeKinds.NodePort) && service.Ports.Any(static p => p.NodePort != 0))
        || (serve.HasFlag(ServeKinds.ExternalIPs) && service.ExternalIPs.Count > 0);

    /// <summary>What load balancers in front of the node are told of <paramref name="service"/>; null when nothing is.</summary>
    public static HealthCheckNodePort? HealthCheckOf(
        Service service, IReadOnlyList<IReadOnlyList<ServiceEndpoint>> endpoints, NodeTopology node) => HasHealthCheck(service)
        ? new(
            service.Metadata.Namespace, service.Metadata.Name, service.HealthCheckNodePort,
            endpoints.SelectMany(static port => port).Where(e => e.Ready && node.IsLocal(e))
                .Select(static e => e.Address.Address).Distinct().Count())
        : null;

    /// <summary>Whether load balancers in front of the nodes ask which of them have endpoints of <paramref name="service"/>.</summary>
    public static bool HasHealthCheck(Service service) =>
        service is { Type: "LoadBalancer", ExternalTrafficPolicy: "Local", HealthCheckNodePort: > 0 };
}
