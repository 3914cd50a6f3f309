using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Zones;

/// <summary>Gathers the names of a zone. For one thread; of use once.</summary>
/// <param name="origin">The name that all are under.</param>
/// <param name="serial">The zone's version.</param>
/// <param name="ttl">How long what it says may be kept, in seconds, and what it does not say.</param>
public sealed class ZoneBuilder(DnsName origin, uint serial, uint ttl)
{
    private readonly Dictionary<DnsName, List<(RecordType Type, uint Ttl, List<RecordData> Data)>> _names = [];

    /// <summary>Whether there are no names under it but these; else others may know of more. True unless set.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>The name that all are under.</summary>
    public DnsName Origin { get; } = origin;

    /// <summary>Adds a record, and with it all names between it and the origin.</summary>
    /// <exception cref="ArgumentException">The name is not under the origin.</exception>
    public ZoneBuilder Add(DnsName name, RecordType type, RecordData data, uint? keep = null)
    {
        var sets = Ensure(name);
        var at = sets.FindIndex(set => set.Type == type);
        if (at < 0)
        {
            sets.Add((type, keep ?? ttl, [data]));
        }
        else
        {
            sets[at].Data.Add(data);
        }

        return this;
    }

    /// <summary>The zone, with its SOA, NS and name server.</summary>
    public Zone Build()
    {
        var nameServer = Origin.Child("dns").Child("ns");
        var start = new RecordSet(RecordType.SOA, ttl, [new StartData(nameServer, Origin.Child("hostmaster"), serial, ttl)]);
        if (IsWhole)
        {
            Ensure(nameServer);
            Add(Origin, RecordType.NS, new NameData(nameServer));
            Ensure(Origin).Add((RecordType.SOA, ttl, [start.Data[0]]));
        }

        var nodes = _names.ToDictionary(
            static entry => entry.Key,
            static entry => new ZoneNode([.. entry.Value.Select(static set => new RecordSet(set.Type, set.Ttl, [.. set.Data]))]));
        return new Zone(Origin, nameServer, start, IsWhole, nodes);
    }

    private List<(RecordType Type, uint Ttl, List<RecordData> Data)> Ensure(DnsName name)
    {
        if (_names.TryGetValue(name, out var sets))
        {
            return sets;
        }

        _names.Add(name, sets = []);
        if (!name.Equals(Origin))
        {
            Ensure(name.Parent ?? throw new ArgumentException($"a name is not under {Origin}", nameof(name)));
        }

        return sets;
    }
}
