using System.Collections.Frozen;
using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Zones;

/// <summary>The names that this server is responsible for under one name. Immutable; replaced as a whole. Thread-safe.</summary>
public sealed class Zone
{
    private readonly FrozenDictionary<DnsName, ZoneNode>.AlternateLookup<ReadOnlySpan<byte>> _nodes;

    internal Zone(DnsName origin, DnsName nameServer, RecordSet start, bool isWhole, Dictionary<DnsName, ZoneNode> nodes)
    {
        (Origin, NameServer, Start, IsWhole, Count) = (origin, nameServer, start, isWhole, nodes.Count);
        _nodes = nodes.ToFrozenDictionary(DnsNameComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The name that all of its names are under.</summary>
    public DnsName Origin { get; }

    /// <summary>The name of this server in it, which has the address that was asked.</summary>
    public DnsName NameServer { get; }

    /// <summary>Its SOA.</summary>
    public RecordSet Start { get; }

    /// <summary>Whether there are no names under it but these; else others may know of more.</summary>
    public bool IsWhole { get; }

    /// <summary>Number of names.</summary>
    public int Count { get; }

    /// <summary>What there is of a complete name in lower case; null when there is no such name.</summary>
    public ZoneNode? Find(ReadOnlySpan<byte> name) => _nodes.TryGetValue(name, out var node) ? node : null;
}
