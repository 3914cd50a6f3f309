using System.Runtime.InteropServices;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>
/// The endpoints of one port, each address once. While a slice is being split, its writer may leave an address in
/// two slices for a moment; the entry on this node wins, because the Local policies need to see it.
/// </summary>
internal sealed class EndpointSet(NodeTopology node)
{
    private readonly List<ServiceEndpoint> _endpoints = [];
    private readonly Dictionary<AddressKey, int> _positions = [];

    /// <summary>Number of addresses.</summary>
    public int Count => _endpoints.Count;

    /// <summary>Adds an endpoint, or lets it replace the one that has its address.</summary>
    public void Add(ServiceEndpoint endpoint)
    {
        ref var position = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, AddressKey.From(endpoint.Address), out var exists);
        if (!exists)
        {
            position = _endpoints.Count;
            _endpoints.Add(endpoint);
        }
        else if (node.IsLocal(endpoint) && !node.IsLocal(_endpoints[position]))
        {
            _endpoints[position] = endpoint;
        }
    }

    /// <summary>The endpoints, in the order of their first entries.</summary>
    public IReadOnlyList<ServiceEndpoint> ToList() => _endpoints;
}
