using System.Collections.Immutable;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Allocation;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Standalone;

/// <summary>
/// Gives all Services of type LoadBalancer their addresses, as the provider does in a cluster: first what each had, then what
/// is asked for, then what is free. A Service whose manifest names an address that is in no pool is served on what it names,
/// be it in the status (of whatever <c>ipMode</c>: the proxy is us), in <c>spec.loadBalancerIP</c> or in an annotation: there is
/// nobody else to say whose it is. Pure.
/// </summary>
internal static class LoadBalancerAddresses
{
    /// <summary>
    /// The Services with <c>status.loadBalancer.ingress</c> filled in (emptied for other types, as the API server does), the
    /// warnings about those that stay without, and the book with what pools gave.
    /// </summary>
    /// <param name="allocated">The Services with all else that they were given, and what is remembered of that.</param>
    /// <param name="remembered">What pools gave before.</param>
    /// <param name="pools">The pools.</param>
    /// <param name="labelsOf">Labels of a namespace.</param>
    public static LoadBalancerResult Give(
        AllocationResult allocated, AllocationBook remembered, PoolSet pools,
        Func<string, ImmutableSortedDictionary<string, string>> labelsOf)
    {
        var services = allocated.Services.ToArray();
        var warnings = new Diagnostic?[services.Length];
        var book = new AddressBook();
        var pooled = new List<(int Index, AddressRequest Request)>();
        for (var i = 0; i < services.Length; i++)
        {
            var service = services[i];
            if (service.Type != "LoadBalancer")
            {
                services[i] = service.Ingress.Count == 0 ? service : service with { Ingress = [] };
                continue;
            }

            var request = AddressRequestReader.Read(service, labelsOf(service.Metadata.Namespace)).Request;
            if (!IsServedAsNamed(request, pools))
            {
                pooled.Add((i, request));
                book.Reclaim(request, pools, Had(service, remembered));
            }
            else
            {
                services[i] = FillAsNamed(request);
            }
        }

        var entries = allocated.Book.Services.ToBuilder();
        foreach (var (i, request) in pooled.OrderBy(static p => p.Request.Wanted.Count == 0))
        {
            var answer = book.Assign(request, pools);
            services[i] = Fill(services[i], answer);
            warnings[i] = answer.Problem is { } problem ? Warn(services[i], problem, pools) : null;
            if (answer.Addresses.Count > 0)
            {
                var entry = entries.GetValueOrDefault(services[i].Metadata.Key, ServiceAllocation.None);
                entries[services[i].Metadata.Key] =
                    entry with { LoadBalancerIPs = answer.Addresses.Select(static a => a.ToString()).ToEquatableArray() };
            }
        }

        return new(services, warnings, new(entries.ToImmutable()));
    }

    private static bool IsServedAsNamed(AddressRequest request, PoolSet pools)
    {
        var isOutside = (IPAddress address) => pools.PoolOf(AddressRange.NumberOf(address)) is null;
        var service = request.Service;
        return request.Wanted.Any(isOutside) || AddressesIn(service).Any(isOutside)
            || (service.LoadBalancerIP.Length > 0 && !AddressText.TryParse(service.LoadBalancerIP, out _));
    }

    private static IEnumerable<IPAddress> Had(Service service, AllocationBook remembered)
    {
        var written = AddressesIn(service);
        return written.Count > 0
            ? written
            : remembered.Of(service.Metadata.Key).LoadBalancerIPs.Select(IPAddress.Parse);
    }

    private static List<IPAddress> AddressesIn(Service service)
    {
        var addresses = new List<IPAddress>();
        foreach (var ingress in service.Ingress)
        {
            if (AddressText.TryParse(ingress.IP, out var address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    private static Service FillAsNamed(AddressRequest request)
    {
        var service = request.Service;
        var ingress = service.Ingress.ToList();
        if (service.LoadBalancerIP.Length > 0 && !AddressText.TryParse(service.LoadBalancerIP, out _))
        {
            Add(ingress, service.LoadBalancerIP);
        }

        foreach (var address in request.Wanted)
        {
            Add(ingress, address.ToString());
        }

        return ingress.Count == service.Ingress.Count ? service : service with { Ingress = ingress.ToEquatableArray() };
    }

    private static Service Fill(Service service, AddressAnswer answer)
    {
        var given = answer.Addresses.Select(static a => a.ToString()).ToHashSet(StringComparer.Ordinal);
        var ingress = service.Ingress.Where(i => i.IP.Length == 0 || given.Contains(i.IP)).ToList();
        foreach (var address in answer.Addresses)
        {
            Add(ingress, address.ToString());
        }

        return ingress.SequenceEqual(service.Ingress) ? service : service with { Ingress = ingress.ToEquatableArray() };
    }

    private static void Add(List<LoadBalancerIngress> ingress, string ip)
    {
        if (!ingress.Exists(i => i.IP == ip))
        {
            ingress.Add(new(ip, "", "VIP"));
        }
    }

    private static Diagnostic Warn(Service service, AddressProblem problem, PoolSet pools)
    {
        var hint = pools.Pools.Count > 0 ? "" :
            $"; add an AddressPool, or write the annotation {AnnotationNames.LoadBalancerIPs}: \"192.0.2.10\" "
            + "(or spec.loadBalancerIP) to listen on an address";
        var warning = new List<Diagnostic>();
        warning.Warn(
            service, "spec.type",
            $"no load balancer address, so the Service is offered on its ClusterIP and NodePorts only: {problem.Message}{hint}");
        return warning[0];
    }
}

/// <summary>What came of giving out load balancer addresses.</summary>
/// <param name="Services">The Services, in the order of the input.</param>
/// <param name="Warnings">For each, why it has no address; null when it has or needs none.</param>
/// <param name="Book">What to remember.</param>
internal sealed record LoadBalancerResult(IReadOnlyList<Service> Services, IReadOnlyList<Diagnostic?> Warnings, AllocationBook Book);
