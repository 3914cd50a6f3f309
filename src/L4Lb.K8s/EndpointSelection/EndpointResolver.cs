using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>
/// Finds the endpoints of each port of a Service: from its EndpointSlices, else from its Endpoints, else, as the
/// endpoints controller of a cluster would, from the Pods that its selector matches. Pure.
/// </summary>
public static class EndpointResolver
{
    /// <summary>Finds the endpoints of <paramref name="service"/>.</summary>
    /// <param name="service">The Service, with its families settled.</param>
    /// <param name="sources">The objects to look in.</param>
    /// <param name="context">What else to know.</param>
    /// <param name="diagnostics">Takes what is not used, and why.</param>
    /// <returns>The endpoints of each port, in the order of <c>spec.ports</c>; an address is there once.</returns>
    public static IReadOnlyList<IReadOnlyList<ServiceEndpoint>> Resolve(
        Service service, EndpointSources sources, EndpointContext context, ICollection<Diagnostic> diagnostics)
    {
        var found = new EndpointSet[service.Ports.Count];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = new(context.Node);
        }

        if (sources.Slices.Count > 0)
        {
            foreach (var slice in sources.Slices)
            {
                SliceReader.Read(service, slice, context, found, diagnostics);
            }

            WarnOfUnmatchedPorts(service, sources.Slices.SelectMany(static s => s.Ports), found, "EndpointSlice", diagnostics);
        }
        else if (sources.Endpoints is { } endpoints)
        {
            EndpointsReader.Read(service, endpoints, found, diagnostics);
            WarnOfUnmatchedPorts(service, endpoints.Subsets.SelectMany(static s => s.Ports), found, "Endpoints", diagnostics);
        }
        else
        {
            PodReader.Read(service, sources.Pods, context, found, diagnostics);
        }

        return [.. found.Select(static set => set.ToList())];
    }

    /// <summary>Says which families <paramref name="service"/> has, for messages about addresses of another.</summary>
    internal static string DescribeFamilies(Service service) =>
        $"Service {service.Metadata.Key} has spec.ipFamilies {string.Join(", ", service.IPFamilies)}";

    /// <summary>Whether an endpoint port is the one that <paramref name="port"/> means.</summary>
    internal static bool IsFor(this EndpointPort candidate, ServicePort port) =>
        (candidate.Name ?? "") == port.Name && (candidate.Protocol ?? "TCP") == port.Protocol;

    private static void WarnOfUnmatchedPorts(
        Service service, IEnumerable<EndpointPort> offered, EndpointSet[] found, string kind,
        ICollection<Diagnostic> diagnostics)
    {
        for (var i = 0; i < found.Length; i++)
        {
            var port = service.Ports[i];
            if (found[i].Count > 0 || offered.Any(o => o.IsFor(port)))
            {
                continue;
            }

            var names = offered.Select(static o => Describe(o.Name ?? "", o.Protocol ?? "TCP")).Distinct(StringComparer.Ordinal);
            var has = string.Join(", ", names);
            diagnostics.Warn(
                service, $"spec.ports[{i}]",
                $"no {kind} of this Service has the port {Describe(port.Name, port.Protocol)}; "
                + (has.Length > 0 ? $"there is {has}" : "there are no ports"));
        }
    }

    private static string Describe(string name, string protocol) =>
        name.Length > 0 ? $"\"{name}\" ({protocol})" : $"without a name ({protocol})";
}
