using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Zones;

/// <summary>The records of one name and type. Immutable.</summary>
/// <param name="Type">What they are about.</param>
/// <param name="Ttl">How long they may be kept, in seconds.</param>
/// <param name="Data">What they say; at least one.</param>
public sealed record RecordSet(RecordType Type, uint Ttl, IReadOnlyList<RecordData> Data);

/// <summary>A name that there is, with or without records of its own (RFC 8020). Immutable.</summary>
public sealed class ZoneNode
{
    private readonly RecordSet[] _sets;

    internal ZoneNode(RecordSet[] sets) => _sets = sets;

    /// <summary>Its records.</summary>
    public IReadOnlyList<RecordSet> Sets => _sets;

    /// <summary>Its records of a type; null without any.</summary>
    public RecordSet? Find(RecordType type)
    {
        foreach (var set in _sets)
        {
            if (set.Type == type)
            {
                return set;
            }
        }

        return null;
    }
}
