using System.Net;
using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;
using L4Lb.K8s.Objects;

namespace L4Lb.Host.Dns;

/// <summary>
/// The names under which load balancer addresses are found from outside: one for each Service, and those that it asks for by
/// external-dns's annotation, wherever they are.
/// </summary>
/// <param name="external">The zone of the first kind.</param>
/// <param name="taken">Names that somebody else here has, so that no annotation can take them.</param>
/// <param name="create">Makes a zone for a name that is in no zone of ours.</param>
internal sealed class ExternalNames(ZoneBuilder external, DnsName taken, Func<DnsName, ZoneBuilder> create)
{
    /// <summary>external-dns, source/annotations: names separated by commas.</summary>
    internal const string Annotation = "external-dns.alpha.kubernetes.io/hostname";

    private readonly Dictionary<DnsName, ZoneBuilder> _single = [];
    private readonly HashSet<(DnsName Name, string Address)> _known = [];

    /// <summary>The zones of single names.</summary>
    public IEnumerable<ZoneBuilder> Single => _single.Values;

    /// <summary>Adds the names of a Service that has an address outside.</summary>
    public void Add(Service service)
    {
        if (service.Type != "LoadBalancer" || service.Ingress.Count == 0)
        {
            return;
        }

        Add(external, external.Origin.Child(service.Metadata.Namespace).Child(service.Metadata.Name), service);
        if (!service.Metadata.Annotations.TryGetValue(Annotation, out var names))
        {
            return;
        }

        foreach (var text in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (DnsName.TryParse(text, out var name) && !name.IsIn(taken))
            {
                Add(name.IsIn(external.Origin) ? external : ZoneOf(name), name, service);
            }
        }
    }

    private ZoneBuilder ZoneOf(DnsName name)
    {
        if (!_single.TryGetValue(name, out var zone))
        {
            _single.Add(name, zone = create(name));
        }

        return zone;
    }

    private void Add(ZoneBuilder zone, DnsName name, Service service)
    {
        foreach (var ingress in service.Ingress)
        {
            if (IPAddress.TryParse(ingress.IP, out var address) && _known.Add((name, ingress.IP)))
            {
                var data = new AddressData(address);
                zone.Add(name, data.Type, data);
            }
        }
    }
}
