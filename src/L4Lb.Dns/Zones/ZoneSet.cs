using System.Collections.Frozen;
using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Zones;

/// <summary>All zones that this server is responsible for. Immutable; replaced as a whole. Thread-safe.</summary>
public sealed class ZoneSet
{
    private readonly FrozenDictionary<DnsName, Zone>.AlternateLookup<ReadOnlySpan<byte>> _zones;

    /// <summary>A set of <paramref name="zones"/>, no two of one origin.</summary>
    public ZoneSet(IEnumerable<Zone> zones)
    {
        All = [.. zones];
        _zones = All.ToFrozenDictionary(static zone => zone.Origin, DnsNameComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The zones.</summary>
    public IReadOnlyList<Zone> All { get; }

    /// <summary>
    /// The zone that is responsible for a complete name in lower case: the longest of whose names it is one, or that is whole;
    /// null when nobody here is.
    /// </summary>
    public Zone? Find(ReadOnlySpan<byte> name)
    {
        for (var at = 0; ; at += name[at] + 1)
        {
            if (_zones.TryGetValue(name[at..], out var zone) && (zone.IsWhole || zone.Find(name) is not null))
            {
                return zone;
            }

            if (name[at] == 0)
            {
                return null;
            }
        }
    }
}
