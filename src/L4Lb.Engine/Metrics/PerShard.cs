namespace L4Lb.Engine.Metrics;

/// <summary>
/// One of a thing for each shard that has asked for it: most services and backends have traffic on none or on few, and there
/// may be hundreds of thousands of them.
/// </summary>
internal sealed class PerShard<T>
    where T : class, new()
{
    // Any thread: replaced as a whole.
    private T?[] _slots = [];

    /// <summary>That of a shard; only this shard may write to it.</summary>
    internal T Of(int shard)
    {
        var slots = Volatile.Read(ref _slots);
        return shard < slots.Length && slots[shard] is { } mine ? mine : Add(shard);
    }

    /// <summary>All there are.</summary>
    internal IEnumerable<T> All => Volatile.Read(ref _slots).OfType<T>();

    private T Add(int shard)
    {
        var mine = new T();
        while (true)
        {
            // Another thread may ask on behalf of the shard, for a session that goes over to it.
            var old = Volatile.Read(ref _slots);
            if (shard < old.Length && old[shard] is { } there)
            {
                return there;
            }

            var slots = new T?[Math.Max(old.Length, shard + 1)];
            old.CopyTo(slots, 0);
            slots[shard] = mine;
            if (Interlocked.CompareExchange(ref _slots, slots, old) == old)
            {
                return mine;
            }
        }
    }
}
