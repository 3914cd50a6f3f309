using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Control;

/// <summary>
/// Reads affinity tables in parts: the tables in the order in which they were made, each in the order of its slots. Neither changes
/// by use, so that nothing is sorted and a part costs what it has, and the tables that it goes by.
/// </summary>
internal static class AffinityPages
{
    /// <summary>At most <paramref name="limit"/> entries of the tables that <paramref name="wanted"/> takes.</summary>
    /// <param name="services">Whose tables.</param>
    /// <param name="wanted">Which of them.</param>
    /// <param name="after">Where the part before ended; 0 for the beginning.</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="nowMs">Now.</param>
    internal static AffinityPage Read(
        IEnumerable<ServiceEntry> services, Func<ServiceKey, bool> wanted, long after, int limit, long nowMs)
    {
        var tables = AffinityTables.Of(services).Where(held => wanted(held.Key)).OrderBy(static held => held.Table.Number).ToArray();
        var total = tables.Sum(static held => held.Table.Held);
        var items = new List<AffinityClient>();
        var (first, position) = (after >> AffinityTable.PositionBits, after & ((1L << AffinityTable.PositionBits) - 1));
        foreach (var (key, table) in tables.Where(held => held.Table.Number >= first))
        {
            position = table.Number == first ? position : 0;
            do
            {
                // When there is room for no more, one more is looked for, since this may have been the last.
                var room = limit - items.Count;
                var entries = new List<AffinityEntry>();
                var next = table.Read(entries, nowMs, position, Math.Max(room, 1));
                if (room == 0 && entries.Count > 0)
                {
                    return new AffinityPage(items, total, (table.Number << AffinityTable.PositionBits) + position);
                }

                items.AddRange(entries.Select(e => new AffinityClient(key, new(e.Client, e.Backend, Math.Max(0, nowMs - e.UsedMs)))));
                position = next;
            }
            while (position != 0);
        }

        return new AffinityPage(items, total, null);
    }
}
