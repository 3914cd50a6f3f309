using L4Lb.Dns.Zones;
using L4Lb.K8s.Discovery;

namespace L4Lb.Host.Dns;

/// <summary>Makes zones of Services. Pure.</summary>
internal static class ServiceZones
{
    // CoreDNS, plugin/kubernetes: short, since endpoints come and go; also for what is not there.
    internal const uint Ttl = 5;

    /// <summary>All zones for <paramref name="services"/>.</summary>
    /// <param name="services">The Services with what they were given.</param>
    /// <param name="settings">What the zones are called.</param>
    /// <param name="serial">The version of the zones; greater than that of any before.</param>
    public static ZoneSet Build(IReadOnlyList<DiscoveredService> services, DnsSettings settings, uint serial)
    {
        var cluster = new ZoneBuilder(settings.ClusterDomain, serial, Ttl);
        var reverse = new ReverseZones(settings.ServiceCidrs, serial, Ttl);
        var names = new ClusterNames(cluster, reverse).AddVersion();
        foreach (var service in services)
        {
            names.Add(service);
        }

        var zones = new List<ZoneBuilder> { cluster };
        zones.AddRange(reverse.All);
        if (settings.ExternalZone is { } origin)
        {
            var external = new ZoneBuilder(origin, serial, Ttl);
            var outside = new ExternalNames(
                external, settings.ClusterDomain, name => new ZoneBuilder(name, serial, Ttl) { IsWhole = false });
            foreach (var service in services)
            {
                outside.Add(service.Service);
            }

            zones.Add(external);
            zones.AddRange(outside.Single);
        }

        return new ZoneSet(zones.Select(static zone => zone.Build()));
    }
}
