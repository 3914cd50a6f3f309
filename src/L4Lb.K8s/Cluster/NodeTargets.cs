using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Cluster;

/// <summary>
/// The nodes as backends: for an appliance outside of the cluster, which does not reach endpoints. The proxy of each node
/// spreads further what comes in at the node port. Pure.
/// </summary>
internal static class NodeTargets
{
    /// <summary>Where kube-proxy says whether its node takes traffic; its default, which installers leave alone.</summary>
    private const int ProxyHealthPort = 10256;

    private const string HealthPath = "/healthz";

    /// <summary>
    /// Every service port checks every node by itself, so the pace is that of the load balancers of clouds; a node that just
    /// fails is noticed sooner, by the connections to it.
    /// </summary>
    private static readonly ProbeSpec s_probe = new()
    {
        Kind = ProbeKind.Http,
        Path = HealthPath,
        Statuses = [new(200, 200)],
        Interval = TimeSpan.FromSeconds(5),
        FastInterval = TimeSpan.FromSeconds(1),
        Rise = 1,
        Fall = 2,
    };

    /// <summary>
    /// The nodes that may take load, by name. Whether they are Ready does not count: that is the view of the control plane,
    /// which may have lost a node that serves well; the health checks ask the node itself.
    /// </summary>
    public static EquatableArray<NodeTarget> Of(IEnumerable<Node> nodes) => nodes
        .Where(static n => n.MayTakeExternalLoad)
        .Select(static n => new NodeTarget(n.Metadata.Name, Find(n, AddressFamily.InterNetwork), Find(n, AddressFamily.InterNetworkV6)))
        .OrderBy(static t => t.Name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>
    /// The backends of each port of <paramref name="service"/>: each node once, by its address of the first family of the
    /// Service that it has.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<ServiceEndpoint>> Resolve(
        Service service, EquatableArray<NodeTarget> targets, ICollection<Diagnostic> diagnostics)
    {
        var found = new List<ServiceEndpoint>[service.Ports.Count];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = [];
            var port = service.Ports[i].NodePort;
            if (port == 0)
            {
                diagnostics.Warn(
                    service, $"spec.ports[{i}].nodePort",
                    "nobody to forward to: the port has no node port, and backends are the nodes (--backends nodes)"
                    + (service.AllocateLoadBalancerNodePorts == false ? "; spec.allocateLoadBalancerNodePorts is false" : ""));
                continue;
            }

            foreach (var target in targets)
            {
                if (target.AddressFor(service.IPFamilies) is { } address)
                {
                    found[i].Add(new() { Address = new IPEndPoint(address, port), NodeName = target.Name });
                }
            }
        }

        return found;
    }

    /// <summary>
    /// <paramref name="service"/> as it is planned over nodes: which endpoints a policy allows is the business of each node,
    /// and what the policy means here is in <see cref="WithHealth"/>.
    /// </summary>
    public static Service WithoutPolicies(Service service) =>
        service with { ExternalTrafficPolicy = "Cluster", InternalTrafficPolicy = "Cluster" };

    /// <summary>
    /// Adds how to find out which nodes can serve, unless the Service says it itself. With the policy Local a node drops what
    /// it has no endpoint for, and says on the Service's own port whether it has one. That is an answer and no guess, so when all
    /// say no, clients are refused, and are not sent where nobody answers them.
    /// </summary>
    public static ServiceAnnotations WithHealth(Service service, ServiceAnnotations annotations)
    {
        var written = service.Metadata.Annotations;
        if (written.ContainsKey(AnnotationNames.HealthCheck))
        {
            return annotations;
        }

        var isLocal = ServiceOwnership.HasHealthCheck(service);
        return annotations with
        {
            Health = annotations.Health with
            {
                Probe = s_probe with { Port = isLocal ? service.HealthCheckNodePort : ProxyHealthPort },
                WhenAllDown = isLocal && !written.ContainsKey(AnnotationNames.WhenAllDown)
                    ? WhenAllDown.Refuse : annotations.Health.WhenAllDown,
            },
        };
    }

    private static IPAddress? Find(Node node, AddressFamily family)
    {
        foreach (var text in node.Addresses)
        {
            if (AddressText.TryParse(text, out var address) && address.AddressFamily == family)
            {
                return address;
            }
        }

        return null;
    }
}

/// <summary>A node that may take load.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IPv4">Its first IPv4 address, or null.</param>
/// <param name="IPv6">Its first IPv6 address, or null.</param>
internal sealed record NodeTarget(string Name, IPAddress? IPv4, IPAddress? IPv6)
{
    /// <summary>Its address of the first of <paramref name="families"/> that it has; null when it has none.</summary>
    public IPAddress? AddressFor(EquatableArray<string> families)
    {
        foreach (var family in families)
        {
            if ((family == "IPv4" ? IPv4 : IPv6) is { } address)
            {
                return address;
            }
        }

        return null;
    }
}
