using L4Lb.Engine.Desired;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>
/// Chooses the endpoints for each traffic policy, by the two independent rules of the Service API: what
/// <c>Cluster</c> uses says nothing about what <c>Local</c> uses. Pure.
/// </summary>
public static class EndpointChoice
{
    private const string Outgoing = "terminating; ready ones exist";

    /// <summary>Says for each endpoint under which policies it may be used, and why not under the others.</summary>
    /// <param name="endpoints">All endpoints of a service port.</param>
    /// <param name="used">The policies that some way in has; an endpoint is eligible under no other.</param>
    /// <param name="node">Where this appliance stands.</param>
    public static IReadOnlyList<ChosenEndpoint> Choose(
        IReadOnlyList<ServiceEndpoint> endpoints, BackendScope used, NodeTopology node)
    {
        var census = Census.Of(endpoints, node);
        var chosen = new ChosenEndpoint[endpoints.Count];
        for (var i = 0; i < chosen.Length; i++)
        {
            var cluster = used.HasFlag(BackendScope.Cluster) ? ClusterObstacle(endpoints[i], census, node) : null;
            var local = used.HasFlag(BackendScope.Local) ? LocalObstacle(endpoints[i], census, node) : null;
            var scopes = (used.HasFlag(BackendScope.Cluster) && cluster is null ? BackendScope.Cluster : BackendScope.None)
                | (used.HasFlag(BackendScope.Local) && local is null ? BackendScope.Local : BackendScope.None);
            var reason = cluster is null || cluster == local ? local : local is null ? cluster : $"{cluster}; {local}";
            chosen[i] = new(endpoints[i], scopes, reason);
        }

        return chosen;
    }

    private static string? ClusterObstacle(ServiceEndpoint endpoint, in Census census, NodeTopology node)
    {
        if (!census.AnyReady)
        {
            return endpoint.Serving && endpoint.Terminating ? null : Unusable(endpoint);
        }

        if (!endpoint.Ready)
        {
            return endpoint.Serving && endpoint.Terminating ? Outgoing : Unusable(endpoint);
        }

        return census.Hints switch
        {
            HintMode.Node when !Has(endpoint.ForNodes, node.NodeName) => $"hint is for node {string.Join(", ", endpoint.ForNodes)}",
            HintMode.Zone when !Has(endpoint.ForZones, node.Zone) => $"hint is for zone {string.Join(", ", endpoint.ForZones)}",
            _ => null,
        };
    }

    private static string? LocalObstacle(ServiceEndpoint endpoint, in Census census, NodeTopology node)
    {
        if (!endpoint.Ready && !(endpoint.Serving && endpoint.Terminating))
        {
            return Unusable(endpoint);
        }

        if (!node.IsLocal(endpoint))
        {
            var place = endpoint.NodeName is null ? "on no known node" : $"on node {endpoint.NodeName}";
            return $"{place}, policy Local needs node {node.NodeName}";
        }

        return endpoint.Ready || !census.AnyLocalReady ? null : Outgoing;
    }

    private static string Unusable(ServiceEndpoint endpoint) => endpoint.Terminating ? "terminating and not serving" : "not ready";

    private static bool Has(EquatableArray<string> names, string? name)
    {
        foreach (var one in names)
        {
            if (one == name)
            {
                return true;
            }
        }

        return false;
    }

    private enum HintMode
    {
        None,
        Node,
        Zone,
    }

    /// <summary>What is true of the endpoints together.</summary>
    private readonly record struct Census(bool AnyReady, bool AnyLocalReady, HintMode Hints)
    {
        public static Census Of(IReadOnlyList<ServiceEndpoint> endpoints, NodeTopology node)
        {
            var (anyReady, anyLocalReady) = (false, false);
            var (allNodes, thisNode, allZones, thisZone) = (true, false, true, false);
            foreach (var endpoint in endpoints)
            {
                if (!endpoint.Ready)
                {
                    continue;
                }

                anyReady = true;
                anyLocalReady |= node.IsLocal(endpoint);
                allNodes &= endpoint.ForNodes.Count > 0;
                allZones &= endpoint.ForZones.Count > 0;
                thisNode |= node.NodeName is not null && Has(endpoint.ForNodes, node.NodeName);
                thisZone |= node.Zone is not null && Has(endpoint.ForZones, node.Zone);
            }

            // One endpoint without a hint means that whoever writes them is not done: then nobody's hint counts.
            var hints = allNodes && thisNode ? HintMode.Node : allZones && thisZone ? HintMode.Zone : HintMode.None;
            return new(anyReady, anyLocalReady, hints);
        }
    }
}

/// <summary>An endpoint with the policies under which it may be used.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Scopes">The policies.</param>
/// <param name="Reason">Why it may not be used under the others, or null.</param>
public readonly record struct ChosenEndpoint(ServiceEndpoint Endpoint, BackendScope Scopes, string? Reason);
