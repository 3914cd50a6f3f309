using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Pools;

/// <summary>Reads what a Service asks for, from its spec and those of its annotations that are about addresses. Pure.</summary>
internal static class AddressRequestReader
{
    /// <summary>The request of a Service.</summary>
    /// <param name="service">The Service, defaulted.</param>
    /// <param name="namespaceLabels">Labels of its namespace.</param>
    /// <returns>The request, and what about it cannot be understood; null when all can.</returns>
    public static (AddressRequest Request, AddressProblem? Problem) Read(
        Service service, IReadOnlyDictionary<string, string> namespaceLabels)
    {
        var found = new List<Diagnostic>();
        var annotations = ServiceAnnotations.None;
        foreach (var (name, value) in service.Metadata.Annotations)
        {
            var text = new AnnotationText(service, name, value.Trim(), AnnotationOptions.Default, found);
            annotations = ProviderAnnotations.Read(text, annotations) ?? annotations;
        }

        var problem = found.Find(static d => d.Severity == Severity.Error) is { } error
            ? new AddressProblem(PendingReason.InvalidAnnotation, $"{error.Path}: {error.Message}")
            : null;
        List<IPAddress> wanted = [.. annotations.LoadBalancerIPs];
        if (AddressText.TryParse(service.LoadBalancerIP, out var address))
        {
            wanted.Insert(0, address);
        }
        else if (service.LoadBalancerIP.Length > 0)
        {
            problem ??= new(
                PendingReason.InvalidLoadBalancerIP, $"spec.loadBalancerIP: Invalid value: \"{service.LoadBalancerIP}\": must be an address");
        }

        // Servers without dual stack name no families.
        service = service.IPFamilies.Count > 0 ? service : service with { IPFamilies = [FamilyOf(service)] };
        var request = new AddressRequest(service)
        {
            NamespaceLabels = namespaceLabels,
            Pool = annotations.AddressPool,
            Wanted = wanted.Distinct().ToEquatableArray(),
            SharingKey = annotations.SharingKey,
        };
        return (request, problem);
    }

    private static string FamilyOf(Service service) => service.ClusterIP.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4";
}
