using System.Globalization;
using System.Net;
using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;
using L4Lb.K8s.Discovery;
using L4Lb.K8s.Objects;

namespace L4Lb.Host.Dns;

/// <summary>
/// The names of Services inside of a cluster (kubernetes/dns docs/specification.md 1.1.0; where that leaves a choice, CoreDNS's):
/// addresses, ports, aliases and the way back from an address.
/// </summary>
/// <param name="zone">The zone of the cluster.</param>
/// <param name="reverse">Where the names of addresses go.</param>
internal sealed class ClusterNames(ZoneBuilder zone, ReverseZones reverse)
{
    // CoreDNS, plugin/kubernetes: the version is not going to change while it is served.
    private const uint VersionTtl = 28800;

    private const string SpecificationVersion = "1.1.0";

    // What each of several records of a port weighs; clients that know weights share by them (RFC 2782).
    private const int WeightTotal = 100;

    /// <summary>Adds what is there without any Service.</summary>
    public ClusterNames AddVersion()
    {
        zone.Add(zone.Origin.Child("dns-version"), RecordType.TXT, new TextData(SpecificationVersion), VersionTtl);
        return this;
    }

    /// <summary>Adds the names of a Service.</summary>
    public void Add(DiscoveredService discovered)
    {
        var service = discovered.Service;
        var name = zone.Origin.Child("svc").Child(service.Metadata.Namespace).Child(service.Metadata.Name);
        if (service.Type == "ExternalName")
        {
            if (DnsName.TryParse(service.ExternalName, out var other))
            {
                zone.Add(name, RecordType.CNAME, new NameData(other));
            }
        }
        else if (service.IsHeadless)
        {
            AddEndpoints(name, discovered);
        }
        else
        {
            AddClusterIPs(name, service);
        }
    }

    private void AddClusterIPs(DnsName name, Service service)
    {
        foreach (var text in service.ClusterIPs)
        {
            var address = IPAddress.Parse(text);
            AddAddress(name, address);
            reverse.Add(address, name);
        }

        if (service.ClusterIPs.Count > 0)
        {
            foreach (var port in service.Ports.Where(static port => port.Name.Length > 0))
            {
                AddPort(name, port.Name, port.Protocol, port.Port, name, WeightTotal);
            }
        }
    }

    private void AddEndpoints(DnsName name, DiscoveredService discovered)
    {
        var named = discovered.Endpoints.Select(endpoint => (Endpoint: endpoint, Name: name.Child(HostnameOf(endpoint)))).ToArray();
        foreach (var (endpoint, own) in named)
        {
            AddAddress(name, endpoint.Address);
            AddAddress(own, endpoint.Address);
            reverse.Add(endpoint.Address, own);
        }

        // A host with an address of each family is one target.
        var ports = named.SelectMany(static n => n.Endpoint.Ports.Select(port => (port.Name, port.Protocol, port.Number, Host: n.Name)));
        foreach (var port in ports.Distinct().GroupBy(static p => (p.Name, p.Protocol)))
        {
            var weight = Math.Max(WeightTotal / port.Count(), 1);
            foreach (var (_, _, number, host) in port)
            {
                AddPort(name, port.Key.Name, port.Key.Protocol, number, host, weight);
            }
        }
    }

    private void AddAddress(DnsName name, IPAddress address)
    {
        var data = new AddressData(address);
        zone.Add(name, data.Type, data);
    }

    private void AddPort(DnsName service, string port, string protocol, int number, DnsName host, int weight) => zone.Add(
        service.Child($"_{protocol.ToLowerInvariant()}").Child($"_{port}"),
        RecordType.SRV,
        new ServiceData(0, (ushort)weight, (ushort)number, host));

    /// <summary>As CoreDNS: its own, or its address with dashes.</summary>
    private static string HostnameOf(DiscoveredEndpoint endpoint) =>
        endpoint.Hostname ?? endpoint.Address.ToString().Replace('.', '-').Replace(':', '-').ToLower(CultureInfo.InvariantCulture);
}
