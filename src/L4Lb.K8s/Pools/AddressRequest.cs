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

    /// <summary>Name of the Service.</summary>
    public ObjectName Name => Service.Metadata.ObjectName;

    /// <summary>Whether no address will do but one of each of its families.</summary>
    public bool NeedsAllFamilies => Service.IPFamilyPolicy == "RequireDualStack";

    /// <summary>
    /// Whether it and <paramref name="other"/> may have one address, by MetalLB's rule: the same key, no port in common, and
    /// either no policy Local or the same endpoints, since a node with endpoints of one may have none of the other.
    /// </summary>
    public bool MayShareWith(AddressRequest other) =>
        SharingKey.Length > 0 && SharingKey == other.SharingKey && CommonPort(other) is null && HasEndpointsOf(other);

    /// <summary>Why it may not share an address with <paramref name="other"/>, and what would help.</summary>
    public string WhyNotShared(AddressRequest other) =>
        SharingKey.Length == 0 || other.SharingKey.Length == 0
            ? $"to share it, both need the annotation {Annotations.AnnotationNames.AllowSharedIP} with the same value"
        : SharingKey != other.SharingKey
            ? $"to share it, both need the same sharing key, and theirs are \"{SharingKey}\" and \"{other.SharingKey}\""
        : CommonPort(other) is { } port ? $"to share it, they need different ports, and both have {port.Port}/{port.Protocol}"
        : "to share it, both need externalTrafficPolicy Cluster, or the same selector";

    /// <summary>Whether it shares with exactly those that <paramref name="other"/> shares with.</summary>
    internal bool SharesLike(AddressRequest other) =>
        SharingKey == other.SharingKey && IsLocal == other.IsLocal
        && Service.Ports == other.Service.Ports && Service.Selector == other.Service.Selector;

    private bool IsLocal => Service.ExternalTrafficPolicy == "Local";

    private bool HasEndpointsOf(AddressRequest other) =>
        (!IsLocal && !other.IsLocal) || Service.Selector == other.Service.Selector;

    private ServicePort? CommonPort(AddressRequest other)
    {
        foreach (var port in Service.Ports)
        {
            foreach (var their in other.Service.Ports)
            {
                if (port.Port == their.Port && port.Protocol == their.Protocol)
                {
                    return port;
                }
            }
        }

        return null;
    }
}
