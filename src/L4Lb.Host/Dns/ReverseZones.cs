using System.Net;
using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;

namespace L4Lb.Host.Dns;

/// <summary>
/// The names of addresses: the ranges of ClusterIPs are zones of their own, for nobody else knows them; addresses outside of
/// these answer one by one, and leave their neighbours to others.
/// </summary>
internal sealed class ReverseZones
{
    private readonly List<ZoneBuilder> _whole;
    private readonly List<ZoneBuilder> _others;

    /// <summary>Zones for <paramref name="ranges"/> and all else.</summary>
    public ReverseZones(IEnumerable<IPNetwork> ranges, uint serial, uint ttl)
    {
        _whole = [.. ranges.SelectMany(ReverseName.ZonesOf).Distinct().Select(origin => new ZoneBuilder(origin, serial, ttl))];
        _others = [.. ReverseName.Roots.Select(origin => new ZoneBuilder(origin, serial, ttl) { IsWhole = false })];
    }

    /// <summary>All of them.</summary>
    public IEnumerable<ZoneBuilder> All => _whole.Concat(_others);

    /// <summary>Gives an address a name.</summary>
    public void Add(IPAddress address, DnsName name)
    {
        var reverse = ReverseName.Of(address);
        (_whole.Find(zone => reverse.IsIn(zone.Origin)) ?? _others.Find(zone => reverse.IsIn(zone.Origin))!)
            .Add(reverse, RecordType.PTR, new NameData(name));
    }
}
