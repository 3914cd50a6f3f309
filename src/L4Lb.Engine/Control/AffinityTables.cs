using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Control;

/// <summary>Keeps affinity tables over reloads: one per service port, or one for all ports of a Service. Control plane only.</summary>
internal sealed class AffinityTables
{
    // (namespace, name, port; port is empty for a table of the whole Service) → table and how many services use it.
    private readonly Dictionary<ServiceKey, (AffinityTable Table, int Users)> _tables = [];
    private long _made;

    /// <summary>The table for <paramref name="spec"/>, which replaces <paramref name="old"/>; null without affinity.</summary>
    internal AffinityTable? Exchange(ServiceSpec? old, ServiceSpec? spec)
    {
        var table = spec?.Affinity is { } affinity ? Take(KeyOf(spec), affinity) : null;
        if (old?.Affinity is not null)
        {
            Release(KeyOf(old));
        }

        return table;
    }

    /// <summary>The tables of <paramref name="services"/>, each once however many share it.</summary>
    internal static IEnumerable<(ServiceKey Key, AffinityTable Table)> Of(IEnumerable<ServiceEntry> services) => services
        .Select(static entry => entry.Service.Snapshot)
        .Where(static snapshot => snapshot is { Affinity: not null, Spec.Affinity: not null })
        .DistinctBy(static snapshot => snapshot.Affinity)
        .Select(static snapshot => (KeyOf(snapshot.Spec), snapshot.Affinity!));

    /// <summary>The key of the table of <paramref name="spec"/>, which has affinity.</summary>
    internal static ServiceKey KeyOf(ServiceSpec spec) =>
        spec.Affinity!.Scope == AffinityScope.Service ? spec.Key with { Port = "" } : spec.Key;

    private AffinityTable Take(ServiceKey key, AffinitySpec affinity)
    {
        var timeoutMs = (long)affinity.Timeout.TotalMilliseconds;
        if (_tables.TryGetValue(key, out var entry))
        {
            entry.Table.TimeoutMs = timeoutMs;
            entry.Table.Resize(affinity.MaxEntries);
        }
        else
        {
            entry.Table = new AffinityTable(affinity.MaxEntries, timeoutMs, (ulong)Random.Shared.NextInt64()) { Number = _made++ };
        }

        _tables[key] = (entry.Table, entry.Users + 1);
        return entry.Table;
    }

    private void Release(ServiceKey key)
    {
        var (table, users) = _tables[key];
        if (users == 1)
        {
            _tables.Remove(key);
        }
        else
        {
            _tables[key] = (table, users - 1);
        }
    }
}
