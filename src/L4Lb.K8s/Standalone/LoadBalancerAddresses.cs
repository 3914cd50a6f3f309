using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Standalone;

/// <summary>
/// The load balancer addresses of a Service without anybody to assign them: all that its manifest names, be it in
/// the status (of whatever <c>ipMode</c>: the proxy is us), in <c>spec.loadBalancerIP</c> or in an annotation.
/// </summary>
internal static class LoadBalancerAddresses
{
    /// <summary>Fills <c>status.loadBalancer.ingress</c> in; empties it for other types, as the API server does.</summary>
    public static Service Fill(Service service, ServiceAnnotations annotations, ICollection<Diagnostic> diagnostics)
    {
        if (service.Type != "LoadBalancer")
        {
            return service.Ingress.Count == 0 ? service : service with { Ingress = [] };
        }

        var ingress = service.Ingress.ToList();
        if (service.LoadBalancerIP.Length > 0)
        {
            var isAddress = AddressText.TryParse(service.LoadBalancerIP, out var address);
            Add(ingress, isAddress ? address!.ToString() : service.LoadBalancerIP);
        }

        foreach (var address in annotations.LoadBalancerIPs)
        {
            Add(ingress, address.ToString());
        }

        if (!ingress.Exists(static i => i.IP.Length > 0))
        {
            diagnostics.Warn(
                service, "spec.type",
                "no load balancer address: standalone mode has no address pool, so the Service is offered on its ClusterIP "
                + $"and NodePorts only; write the annotation {AnnotationNames.LoadBalancerIPs}: \"192.0.2.10\" "
                + "(or spec.loadBalancerIP) to listen on an address");
        }

        return ingress.Count == service.Ingress.Count ? service : service with { Ingress = ingress.ToEquatableArray() };
    }

    private static void Add(List<LoadBalancerIngress> ingress, string ip)
    {
        if (!ingress.Exists(i => i.IP == ip))
        {
            ingress.Add(new(ip, "", "VIP"));
        }
    }
}
