using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Control;

/// <summary>Reads affinity tables out, and fills those of a new process. Times go out as durations: clocks differ.</summary>
internal static class AffinityTransfer
{
    /// <summary>Lookups in all tables of <paramref name="services"/>.</summary>
    internal static long CountLookups(IEnumerable<ServiceEntry> services) =>
        AffinityTables.Of(services).Select(static held => held.Table.Counts).Sum(static counts => counts.Hits + counts.Misses);

    /// <summary>
    /// What the tables hold, one after the other as they are asked for. Every table may use an equal part of
    /// <paramref name="maxEntries"/>, and those that come later also what smaller ones before them left.
    /// </summary>
    internal static IEnumerable<AffinityTableState> Export(IEnumerable<ServiceEntry> services, int maxEntries, long nowMs)
    {
        var tables = AffinityTables.Of(services).OrderBy(static held => held.Table.Held).ToArray();
        var left = maxEntries;
        for (var i = 0; i < tables.Length; i++)
        {
            var (key, table) = tables[i];
            var entries = table.Export(nowMs, left / (tables.Length - i));
            left -= entries.Count;
            if (entries.Count > 0)
            {
                yield return new AffinityTableState(
                    key, entries.ConvertAll(e => new AffinityEntryState(e.Client, e.Backend, Math.Max(0, nowMs - e.UsedMs))));
            }
        }
    }

    /// <summary>
    /// Fills the tables of <paramref name="services"/>, which nobody uses yet. Returns how many entries were live and
    /// for a backend that is still wanted.
    /// </summary>
    internal static int Restore(IEnumerable<AffinityTableState> states, IReadOnlyCollection<ServiceEntry> services, long nowMs)
    {
        var tables = AffinityTables.Of(services).ToDictionary(static held => held.Key, static held => held.Table);
        var users = services.Select(static entry => entry.Service.Snapshot.Spec)
            .Where(static spec => spec.Affinity is not null)
            .ToLookup(AffinityTables.KeyOf);
        var restored = 0;
        foreach (var (key, entries) in states)
        {
            if (tables.Remove(key, out var table))
            {
                var isByHost = users[key].First().Affinity!.Scope == AffinityScope.Service;
                var wanted = users[key]
                    .SelectMany(static spec => spec.Backends)
                    .Select(backend => Name(AddressKey.From(backend.Address), isByHost))
                    .ToHashSet();
                var live = entries.Where(entry => wanted.Contains(Name(entry.Backend, isByHost)));
                restored += table.Import(live.Select(e => new AffinityEntry(e.Client, e.Backend, nowMs - e.IdleMs)), nowMs);
            }
        }

        return restored;
    }

    /// <summary>What of a backend's address counts: a table of a whole Service is about hosts.</summary>
    private static AddressKey Name(in AddressKey backend, bool isByHost) => isByHost ? backend with { Port = 0 } : backend;
}
