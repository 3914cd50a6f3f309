using System.Numerics;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Affinity;

/// <summary>
/// A part of the <see cref="AffinityTable"/>: a chained hash table in two arrays that grow as needed, its entries
/// linked in the order of use. All share one lifetime after use, so the order of use is also that of expiry, and
/// what has expired is always at the old end. Every member but <see cref="Lock"/> is called with that lock held.
/// </summary>
internal sealed class AffinityStripe
{
    /// <summary>Ends chains and the order of use; also the place of the list's head in <see cref="_slots"/>.</summary>
    private const int None = 0;

    /// <summary>Entries that the first one makes room for.</summary>
    private const int InitialSlots = 8;

    /// <summary>
    /// Expired entries that an insertion reclaims: more than it adds, so that expired ones cannot accumulate.
    /// </summary>
    private const int ReclaimPerInsertion = 2;

    // Immutable; shared by all empty stripes, since nothing is written before the first growth replaces them.
    private static readonly int[] s_noBuckets = [None];
    private static readonly Slot[] s_noSlots = [default];

    // Under the lock. Slot 0 is no entry but the head of the ring in order of use: Newer of it is the oldest.
    private int[] _buckets = s_noBuckets;
    private Slot[] _slots = s_noSlots;
    private int _bound;
    private int _used = 1;
    private int _free;

    /// <summary>What happened here.</summary>
    public AffinityCounts Counts;

    /// <summary>Guards every other member; held for well under a microsecond, but for growth and control.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Entries held, expired ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Entries that there is memory for.</summary>
    public int Room => _slots.Length - 1;

    /// <summary>Finds and renews an entry used after <paramref name="expiry"/>; reclaims it when it is older.</summary>
    public bool TryFind(UInt128 client, uint hash, long nowMs, long expiry, out AddressKey backend)
    {
        var index = Find(client, hash);
        if (index == None || _slots[index].UsedMs <= expiry)
        {
            Counts.Expirations += index == None ? 0 : 1;
            Remove(index);
            backend = default;
            return false;
        }

        ref var slot = ref _slots[index];
        backend = new AddressKey(slot.BackendAddress, slot.BackendPort);
        Renew(index, nowMs);
        return true;
    }

    /// <summary>Adds or replaces an entry; at the bound the least recently used makes room.</summary>
    public void Remember(UInt128 client, uint hash, AddressKey backend, long nowMs, long expiry)
    {
        var index = Find(client, hash);
        if (index == None)
        {
            Reclaim(expiry, ReclaimPerInsertion);
            if (Count >= _bound)
            {
                Evict();
            }

            index = Add(client, hash);
        }
        else if (_slots[index].BackendAddress != backend.Address || _slots[index].BackendPort != backend.Port)
        {
            Counts.Moves++;
        }

        ref var slot = ref _slots[index];
        (slot.BackendAddress, slot.BackendPort) = (backend.Address, backend.Port);
        Renew(index, nowMs);
    }

    /// <summary>Removes an entry. False when there is none.</summary>
    public bool Forget(UInt128 client, uint hash)
    {
        var index = Find(client, hash);
        Remove(index);
        return index != None;
    }

    /// <summary>Removes up to <paramref name="max"/> entries last used at <paramref name="expiry"/> or before.</summary>
    public int Reclaim(long expiry, int max)
    {
        var reclaimed = 0;
        for (; reclaimed < max && Count > 0 && _slots[_slots[None].Newer].UsedMs <= expiry; reclaimed++)
        {
            Remove(_slots[None].Newer);
        }

        Counts.Expirations += reclaimed;
        return reclaimed;
    }

    /// <summary>Sets the most entries to hold and evicts what goes beyond it; 0 also gives the memory back.</summary>
    public void Bound(int bound)
    {
        _bound = bound;
        if (bound == 0)
        {
            (_buckets, _slots, _used, _free, Count) = (s_noBuckets, s_noSlots, 1, None, 0);
        }

        while (Count > bound)
        {
            Evict();
        }
    }

    /// <summary>
    /// Gives memory back when at most a quarter of it is in use; what is kept is twice what is, so that a stripe which
    /// stays as it is neither shrinks nor grows again.
    /// </summary>
    public void Trim()
    {
        var room = _slots.Length - 1;
        if (Count == 0)
        {
            (_buckets, _slots, _used, _free) = (s_noBuckets, s_noSlots, 1, None);
        }
        else if (room > InitialSlots && Count <= room / 4)
        {
            Compact(Math.Max(InitialSlots, Count * 2));
        }
    }

    /// <summary>
    /// Adds the entries used after <paramref name="expiry"/>, the most recent first, until
    /// <paramref name="entries"/> holds the maximum.
    /// </summary>
    public void CopyTo(List<AffinityEntry> entries, long expiry, int maxEntries)
    {
        for (var index = _slots[None].Older; index != None && entries.Count < maxEntries; index = _slots[index].Older)
        {
            ref var slot = ref _slots[index];
            if (slot.UsedMs > expiry)
            {
                entries.Add(new(slot.Client, new AddressKey(slot.BackendAddress, slot.BackendPort), slot.UsedMs));
            }
        }
    }

    /// <summary>
    /// Adds the entries used after <paramref name="expiry"/> that lie in the next <paramref name="slots"/> slots from
    /// <paramref name="position"/>, in the order of the slots, until <paramref name="entries"/> holds the maximum. Returns where
    /// to go on, or 0 when that was all. An entry keeps its slot while it lives; only giving memory back moves entries, so that
    /// they may be missed or seen twice.
    /// </summary>
    public int CopyTo(List<AffinityEntry> entries, long expiry, int position, int slots, int maxEntries)
    {
        var (start, index) = (Math.Max(position, 1), Math.Max(position, 1));
        for (; index < _used && index - start < slots && entries.Count < maxEntries; index++)
        {
            // A free slot is older than any expiry.
            ref var slot = ref _slots[index];
            if (slot.UsedMs > expiry)
            {
                entries.Add(new(slot.Client, new AddressKey(slot.BackendAddress, slot.BackendPort), slot.UsedMs));
            }
        }

        return index < _used ? index : 0;
    }

    private int Find(UInt128 client, uint hash)
    {
        var index = _buckets[hash & (uint)(_buckets.Length - 1)];
        while (index != None && _slots[index].Client != client)
        {
            index = _slots[index].NextInBucket;
        }

        return index;
    }

    /// <summary>Links a new entry into its bucket and, as the newest, into the order of use.</summary>
    private int Add(UInt128 client, uint hash)
    {
        var index = _free;
        if (index != None)
        {
            _free = _slots[index].NextInBucket;
        }
        else
        {
            if (_used == _slots.Length)
            {
                Grow();
            }

            index = _used++;
        }

        ref var bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        _slots[index] = new Slot { Client = client, Hash = hash, NextInBucket = bucket, UsedMs = long.MinValue };
        bucket = index;
        LinkAsNewest(index);
        Count++;
        return index;
    }

    private void Remove(int index)
    {
        if (index == None)
        {
            return;
        }

        ref var slot = ref _slots[index];
        ref var link = ref _buckets[slot.Hash & (uint)(_buckets.Length - 1)];
        while (link != index)
        {
            link = ref _slots[link].NextInBucket;
        }

        link = slot.NextInBucket;
        Unlink(index);
        (slot.NextInBucket, slot.UsedMs) = (_free, long.MinValue);
        _free = index;
        Count--;
    }

    private void Evict()
    {
        Counts.Evictions++;
        Remove(_slots[None].Newer);
    }

    private void Renew(int index, long nowMs)
    {
        // Shards read the clock at their own moments; the latest use counts.
        _slots[index].UsedMs = Math.Max(_slots[index].UsedMs, nowMs);
        if (_slots[None].Older != index)
        {
            Unlink(index);
            LinkAsNewest(index);
        }
    }

    private void LinkAsNewest(int index)
    {
        var newest = _slots[None].Older;
        (_slots[index].Older, _slots[index].Newer) = (newest, None);
        (_slots[newest].Newer, _slots[None].Older) = (index, index);
    }

    private void Unlink(int index)
    {
        var (older, newer) = (_slots[index].Older, _slots[index].Newer);
        (_slots[older].Newer, _slots[newer].Older) = (newer, older);
    }

    /// <summary>Doubles the slots, at most to the bound, with as many buckets.</summary>
    private void Grow()
    {
        var entries = (int)Math.Min(Math.Max(InitialSlots, (_slots.Length - 1) * 2L), _bound);
        Array.Resize(ref _slots, entries + 1);
        LinkBuckets(entries);
    }

    /// <summary>Moves the entries, in their order of use, to the front of arrays for <paramref name="entries"/> of them.</summary>
    private void Compact(int entries)
    {
        var slots = new Slot[entries + 1];
        var count = 0;
        for (var index = _slots[None].Newer; index != None; index = _slots[index].Newer)
        {
            count++;
            slots[count] = _slots[index];
            (slots[count].Older, slots[count].Newer) = (count - 1, count + 1);
        }

        (slots[count].Newer, slots[None].Newer, slots[None].Older) = (None, 1, count);
        (_slots, _used, _free) = (slots, count + 1, None);
        LinkBuckets(entries);
    }

    private void LinkBuckets(int entries)
    {
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)entries)];
        for (var index = _slots[None].Older; index != None; index = _slots[index].Older)
        {
            ref var bucket = ref _buckets[_slots[index].Hash & (uint)(_buckets.Length - 1)];
            _slots[index].NextInBucket = bucket;
            bucket = index;
        }
    }

    /// <summary>An entry: 64 bytes without references.</summary>
    private struct Slot
    {
        public UInt128 Client;
        public UInt128 BackendAddress;
        public long UsedMs;
        public uint Hash;
        public int NextInBucket;
        public int Older;
        public int Newer;
        public ushort BackendPort;
    }
}
