using System.Globalization;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Translation;

/// <summary>Turns a Service and its endpoints into what the data plane is asked for, port by port. Pure.</summary>
public static class ServiceTranslator
{
    /// <summary>Label of Services that another proxy owns.</summary>
    public const string ProxyNameLabel = "service.kubernetes.io/service-proxy-name";

    /// <summary>Label of Services that no proxy serves.</summary>
    public const string HeadlessLabel = "service.kubernetes.io/headless";

    /// <summary>Whether <paramref name="service"/> is for this proxy; a label that says otherwise is mentioned.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="diagnostics">Takes the reason why it is not.</param>
    /// <param name="proxyName">Name of this proxy, which has the Services that name it and no others; null has those that name none.</param>
    public static bool IsProxied(Service service, ICollection<Diagnostic> diagnostics, string? proxyName = null)
    {
        if (service.Type == "ExternalName" || service.IsHeadless)
        {
            return false;
        }

        if (service.Metadata.Labels.ContainsKey(HeadlessLabel))
        {
            diagnostics.Warn(service, $"metadata.labels[{HeadlessLabel}]", "not served: the label says that no proxy should");
            return false;
        }

        if (service.Metadata.Labels.GetValueOrDefault(ProxyNameLabel) is var owner && owner != proxyName)
        {
            diagnostics.Warn(
                service, $"metadata.labels[{ProxyNameLabel}]",
                owner is null
                    ? $"not served: the Service does not name the proxy \"{proxyName}\""
                    : $"not served: the Service belongs to the proxy \"{owner}\"");
            return false;
        }

        return true;
    }

    /// <summary>Translates <paramref name="service"/>, for which <see cref="IsProxied"/> holds.</summary>
    /// <param name="service">The Service with its addresses and ports.</param>
    /// <param name="annotations">What its annotations ask for.</param>
    /// <param name="endpoints">The endpoints of each port, in the order of <c>spec.ports</c>.</param>
    /// <param name="options">What the translation of every Service depends on.</param>
    /// <param name="diagnostics">Takes what is left out, and why.</param>
    public static IReadOnlyList<ServiceSpec> Translate(
        Service service, ServiceAnnotations annotations, IReadOnlyList<IReadOnlyList<ServiceEndpoint>> endpoints,
        TranslationOptions options, ICollection<Diagnostic> diagnostics)
    {
        var listens = new ListenPlanner(service, annotations.DeniedRanges, options.Serve, diagnostics);
        var used = ListenPlanner.ScopesUsed(service);
        if (used.HasFlag(BackendScope.Local) && options.Node.NodeName is null)
        {
            var path = service.InternalTrafficPolicy == "Local" ? "spec.internalTrafficPolicy" : "spec.externalTrafficPolicy";
            diagnostics.Warn(service, path, "this appliance has no node name (--node-name), so Local counts every endpoint as local");
        }

        var specs = new ServiceSpec[service.Ports.Count];
        for (var i = 0; i < specs.Length; i++)
        {
            var port = service.Ports[i];
            var protocol = ProtocolOf(port);
            specs[i] = new ServiceSpec
            {
                Key = new(service.Metadata.Namespace, service.Metadata.Name, PortKey(port)),
                Protocol = protocol,
                Listens = listens.Of(port),
                Backends = Backends(endpoints[i], used, annotations, options.Node),
                Scheduler = annotations.Scheduler,
                Affinity = AffinityOf(service, annotations),
                Timeouts = annotations.TimeoutsFor(protocol),
                Datagrams = protocol == TransportProtocol.Udp ? annotations.Datagrams : DatagramSpec.Default,
                Limits = annotations.Limits,
                Health = annotations.Health,
                ProxyProtocol = annotations.ProxyProtocolFor(protocol),
            };
        }

        return specs;
    }

    private static EquatableArray<BackendSpec> Backends(
        IReadOnlyList<ServiceEndpoint> endpoints, BackendScope used, ServiceAnnotations annotations, NodeTopology node)
    {
        var chosen = EndpointChoice.Choose(endpoints, used, node);
        var backends = new BackendSpec[chosen.Count];
        for (var i = 0; i < backends.Length; i++)
        {
            var (endpoint, scopes, reason) = chosen[i];

            // The Service's own word is the most specific: it names the address for this very Service.
            var weight = annotations.Weights.Find(endpoint.Address) ?? endpoint.Weight ?? 1;
            backends[i] = new BackendSpec
            {
                Address = endpoint.Address,
                Weight = weight,
                Scopes = scopes,
                Reason = weight > 0 ? reason : reason is null ? "weight 0" : $"{reason}; weight 0",
            };
        }

        return backends.ToEquatableArray();
    }

    private static AffinitySpec? AffinityOf(Service service, ServiceAnnotations annotations) =>
        service.SessionAffinity != "ClientIP" ? null : annotations.Affinity with
        {
            Timeout = service.SessionAffinityTimeoutSeconds is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : AffinitySpec.DefaultTimeout,
        };

    private static TransportProtocol ProtocolOf(ServicePort port) => port.Protocol switch
    {
        "UDP" => TransportProtocol.Udp,
        "SCTP" => TransportProtocol.Sctp,
        _ => TransportProtocol.Tcp,
    };

    private static string PortKey(ServicePort port) => port.Name.Length > 0
        ? port.Name
        : string.Create(CultureInfo.InvariantCulture, $"{port.Port}/{port.Protocol.ToLowerInvariant()}");
}
