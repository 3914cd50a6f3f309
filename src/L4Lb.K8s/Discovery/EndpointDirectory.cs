using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Discovery;

/// <summary>Lists those behind a headless Service, as its DNS name does: by the objects alone, whatever health checks find.</summary>
internal static class EndpointDirectory
{
    /// <summary>
    /// The endpoints of <paramref name="service"/> that are ready, or all when it publishes all, each address once; none unless
    /// it is headless.
    /// </summary>
    public static EquatableArray<DiscoveredEndpoint> List(Service service, EndpointSources sources, EndpointContext context)
    {
        if (!service.IsHeadless)
        {
            return [];
        }

        var found = sources.Slices.Count > 0 ? sources.Slices.SelectMany(slice => Of(service, slice, context))
            : sources.Endpoints is { } endpoints ? endpoints.Subsets.SelectMany(subset => Of(service, subset))
            : sources.Pods.SelectMany(pod => Of(service, pod));
        return [.. found.GroupBy(static e => e.Address).Select(Join)];
    }

    private static IEnumerable<DiscoveredEndpoint> Of(Service service, EndpointSlice slice, EndpointContext context) =>
        from endpoint in slice.Endpoints
        where endpoint.Addresses.Count > 0 && (service.PublishNotReadyAddresses || (endpoint.Ready ?? true))
        from address in slice.AddressType == "FQDN"
            ? context.Names.GetValueOrDefault(endpoint.Addresses[0], [])
            : Parse(endpoint.Addresses[0])
        where Wants(service, address)
        select new DiscoveredEndpoint(address, endpoint.Hostname, Named(service, slice.Ports));

    private static IEnumerable<DiscoveredEndpoint> Of(Service service, EndpointSubset subset)
    {
        var entries = service.PublishNotReadyAddresses ? subset.Addresses.Concat(subset.NotReadyAddresses) : subset.Addresses;
        return from entry in entries
               from address in Parse(entry.IP)
               where Wants(service, address)
               select new DiscoveredEndpoint(address, entry.Hostname, Named(service, subset.Ports));
    }

    private static IEnumerable<DiscoveredEndpoint> Of(Service service, Pod pod)
    {
        if (pod.Phase is "Succeeded" or "Failed" || !(service.PublishNotReadyAddresses || PodReader.IsReady(pod)))
        {
            return [];
        }

        // As the EndpointSlice controller: the Pod says which Service its hostname belongs to.
        var hostname = pod.Hostname is { Length: > 0 } name && pod.Subdomain == service.Metadata.Name ? name : null;
        var ports = service.Ports.Where(static port => port.Name.Length > 0)
            .Select(port => (port, Number: PodReader.TargetPort(port, pod)))
            .Where(static p => p.Number is not null)
            .Select(static p => new DiscoveredPort(p.port.Name, p.port.Protocol, p.Number!.Value));
        return from text in pod.PodIPs
               from address in Parse(text)
               where Wants(service, address)
               select new DiscoveredEndpoint(address, hostname, [.. ports]);
    }

    private static IReadOnlyList<IPAddress> Parse(string text) => AddressText.TryParse(text, out var address) ? [address] : [];

    private static bool Wants(Service service, IPAddress address) => service.IPFamilies.Contains(AddressText.FamilyOf(address));

    private static EquatableArray<DiscoveredPort> Named(Service service, EquatableArray<EndpointPort> ports) =>
    [
        .. from port in service.Ports
           where port.Name.Length > 0
           from candidate in ports
           where candidate.Port is not null && candidate.IsFor(port)
           select new DiscoveredPort(port.Name, port.Protocol, candidate.Port!.Value),
    ];

    /// <summary>One address may be in several slices, each with ports of its own.</summary>
    private static DiscoveredEndpoint Join(IGrouping<IPAddress, DiscoveredEndpoint> same) => new(
        same.Key,
        same.Select(static e => e.Hostname).FirstOrDefault(static name => name is { Length: > 0 }),
        [.. same.SelectMany(static e => e.Ports).Distinct()]);
}
