using System.Collections.Immutable;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Pools;

/// <summary>What a Service of type LoadBalancer asks for.</summary>
/// <param name="Service">The Service, defaulted: its families, ports, selector and traffic policy count.</param>
public sealed record AddressRequest(Service Service)
{
    /// <summary>Labels of its namespace.</summary>
    public IReadOnlyDictionary<string, string> NamespaceLabels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The pool that it names; empty for any.</summary>
    public string Pool { get; init; } = "";

    /// <summary>The addresses that it names; empty for any.</summary>
    public EquatableArray<IPAddress> Wanted { get; init; } = [];

    /// <summary>Services with the same key may share an address; empty for nobody.</summary>
    public string SharingKey { get; init; } = "";

    /// <summary>
    /// Whether it and <paramref name="other"/> may have one address, by MetalLB's rule: the same key, no port in common, and
    /// either no policy Local or the same endpoints, since a node with endpoints of one may have none of the other.
    /// </summary>
    public bool MayShareWith(AddressRequest other) =>
        SharingKey.Length > 0 && SharingKey == other.SharingKey
        && !Service.Ports.Any(port => other.Service.Ports.Any(their => (their.Protocol, their.Port) == (port.Protocol, port.Port)))
        && ((!IsLocal && !other.IsLocal) || Service.Selector.Equals(other.Service.Selector));

    private bool IsLocal => Service.ExternalTrafficPolicy == "Local";
}
