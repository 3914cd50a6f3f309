using System.Collections.Immutable;
using System.Net;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Allocation;

/// <summary>
/// Gives ClusterIPs and NodePorts to all Services at once: first to those who ask for one, whatever their place in
/// the manifests, then what each had before, then what is free. Pure; chance comes from outside.
/// </summary>
internal static class ServiceAllocator
{
    /// <summary>The Service that a cluster offers its own API under.</summary>
    private const string ClusterApi = "default/kubernetes";

    /// <summary>Allocates for <paramref name="services"/>, in their order.</summary>
    /// <param name="services">Defaulted Services, each key once.</param>
    /// <param name="remembered">What was given before.</param>
    /// <param name="cidrs">ClusterIP ranges, at least one and at most one per family; the first is the default family.</param>
    /// <param name="nodePorts">First and last NodePort.</param>
    /// <param name="random">Where to start looking for free numbers.</param>
    public static AllocationResult Allocate(
        IReadOnlyList<Service> services, AllocationBook remembered, IReadOnlyList<IPNetwork> cidrs,
        (int First, int Last) nodePorts, Random random)
    {
        var ordered = cidrs.Select(static c => new ClusterIPRange(c)).ToList();
        var ranges = ordered.ToDictionary(static r => r.Family, StringComparer.Ordinal);
        var ports = new NodePortRange(nodePorts.First, nodePorts.Last);
        var reserved = ordered[0].First;
        ordered[0].Take(reserved);

        var problems = new List<Diagnostic>[services.Count];
        var drafts = new AllocationDraft?[services.Count];
        var families = ordered.ConvertAll(static r => r.Family);
        for (var i = 0; i < drafts.Length; i++)
        {
            problems[i] = [];
            drafts[i] = Draft(services[i], remembered, families, reserved, problems[i]);
            drafts[i]?.TakeRequested(ranges, ports, services[i].Metadata.Key == ClusterApi ? reserved : null);
        }

        foreach (var draft in drafts)
        {
            draft?.TakeRemembered(ranges, ports);
        }

        foreach (var draft in drafts)
        {
            draft?.TakeAny(ranges, ports, random);
        }

        return Finish(services, drafts, problems);
    }

    private static AllocationDraft? Draft(
        Service service, AllocationBook remembered, List<string> families, IPAddress reserved, List<Diagnostic> problems)
    {
        if (IPFamilies.Settle(service, families, problems) is not { } settled)
        {
            return null;
        }

        var asks = settled.IsHeadless || IPFamilies.RequestedIPs(settled).Count > 0;
        if (settled.Metadata.Key == ClusterApi && !asks && settled.Type != "ExternalName" && settled.IPFamilies[0] == families[0])
        {
            settled = settled with { ClusterIP = reserved.ToString() };
        }

        return new AllocationDraft(settled, remembered.Of(settled.Metadata.Key));
    }

    private static AllocationResult Finish(
        IReadOnlyList<Service> services, AllocationDraft?[] drafts, List<Diagnostic>[] problems)
    {
        var allocated = new Service[drafts.Length];
        var book = ImmutableSortedDictionary.CreateBuilder<string, ServiceAllocation>(StringComparer.Ordinal);
        for (var i = 0; i < drafts.Length; i++)
        {
            problems[i].AddRange(drafts[i]?.Problems ?? []);
            allocated[i] = drafts[i]?.Finish() ?? services[i];
            var allocation = ServiceAllocation.Of(allocated[i]);
            if (allocation != ServiceAllocation.None)
            {
                book[allocated[i].Metadata.Key] = allocation;
            }
        }

        return new(allocated, problems, new(book.ToImmutable()));
    }
}

/// <summary>What came of allocating.</summary>
/// <param name="Services">The Services with what they were given, in the order of the input.</param>
/// <param name="Problems">What each could not have.</param>
/// <param name="Book">What to remember, if there are no problems.</param>
internal sealed record AllocationResult(
    IReadOnlyList<Service> Services, IReadOnlyList<IReadOnlyList<Diagnostic>> Problems, AllocationBook Book);
