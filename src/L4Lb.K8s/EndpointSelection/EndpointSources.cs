using System.Net;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>The objects that say where one Service's endpoints are. The first kind that there is decides.</summary>
/// <param name="Slices">Its EndpointSlices, by name.</param>
/// <param name="Endpoints">Its Endpoints; asked when there is no slice.</param>
/// <param name="Pods">Pods that its selector matches, by name; asked when there is neither.</param>
public sealed record EndpointSources(
    IReadOnlyList<EndpointSlice> Slices, Endpoints? Endpoints, IReadOnlyList<Pod> Pods)
{
    /// <summary>Nothing.</summary>
    public static EndpointSources None { get; } = new([], null, []);
}

/// <summary>What else the search for endpoints needs to know.</summary>
/// <param name="Node">Where this appliance stands: of two entries for one address, the local one wins.</param>
/// <param name="Names">Addresses of the names in slices of type FQDN.</param>
/// <param name="ZoneOfNode">Zone of a node, or null; for Pods, whose zone is their node's.</param>
public sealed record EndpointContext(
    NodeTopology Node, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Names, Func<string, string?> ZoneOfNode)
{
    /// <summary>Nothing known.</summary>
    public static EndpointContext None { get; } =
        new(NodeTopology.None, new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal), static _ => null);
}
