using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Affinity;

/// <summary>
/// The stick table: which backend a client address keeps, for a time that each hit renews. Bounded: beyond the bound
/// the least recently used goes. Shared by all shards and kept over reloads. Thread-safe; times are milliseconds of
/// any clock that does not go back.
/// </summary>
/// <remarks>
/// Entries lie in stripes, each with its own short lock, bound and order of use, so shards seldom wait for each
/// other. A small table has one stripe and with it one exact order; in a large one the bound is divided among the
/// stripes, and a stripe evicts when its part is full.
/// </remarks>
internal sealed class AffinityTable
{
    /// <summary>Stripes of a large table: several times the shards that one machine's services are likely to have.</summary>
    private const int StripesMax = 8;

    /// <summary>
    /// Least bound of a stripe where there are several: by chance their fill differs by about its square root, so
    /// a stripe of 1024 (± 32) evicts when the table is a few percent short of its bound, larger ones later.
    /// </summary>
    private const int StripeEntriesMin = 1024;

    /// <summary>Entries that <see cref="Sweep"/> reclaims under one hold of a lock, so that shards get between.</summary>
    private const int SweepBatch = 256;

    /// <summary>Slots that <see cref="Export"/> copies under one hold of a lock: 64 KiB, a few microseconds.</summary>
    private const int ExportBatch = 1024;

    /// <summary>Bits of a position: the lower ones say the slot, of which there are fewer, since each takes 64 bytes.</summary>
    public const int PositionBits = SlotBits + 3;
    private const int SlotBits = 30;

    // Immutable.
    private readonly ulong _seed;
    private readonly AffinityStripe[] _stripes = new AffinityStripe[StripesMax];

    // Any thread (changed with all stripes locked, so stable for who holds one).
    private volatile int _stripesInUse;

    // Any thread (Interlocked).
    private long _timeoutMs;

    /// <summary>Creates an empty table.</summary>
    /// <param name="maxEntries">Most entries kept, at least 1.</param>
    /// <param name="timeoutMs">Lifetime of an entry after its last hit, at least 1.</param>
    /// <param name="seed">Secret of the hash, without which nobody can choose client addresses that collide.</param>
    public AffinityTable(int maxEntries, long timeoutMs, ulong seed)
    {
        _seed = seed;
        for (var i = 0; i < StripesMax; i++)
        {
            _stripes[i] = new AffinityStripe();
        }

        TimeoutMs = timeoutMs;
        Resize(maxEntries);
    }

    /// <summary>Lifetime after the last hit. A change holds for entries that exist, too.</summary>
    public long TimeoutMs
    {
        get => Interlocked.Read(ref _timeoutMs);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Interlocked.Exchange(ref _timeoutMs, value);
        }
    }

    /// <summary>Which table this is of those that the control plane made, for as long as it lives.</summary>
    public long Number { get; init; }

    /// <summary>Most entries kept.</summary>
    public int MaxEntries { get; private set; }

    /// <summary>The backend that <paramref name="client"/> keeps; a hit renews its time.</summary>
    public bool TryFind(UInt128 client, long nowMs, out AddressKey backend)
    {
        var hash = Hash(client);
        using var stripe = Enter(hash);
        var found = stripe.Entries.TryFind(client, hash, nowMs, nowMs - TimeoutMs, out backend);
        ref var counts = ref stripe.Entries.Counts;
        (counts.Hits, counts.Misses) = found ? (counts.Hits + 1, counts.Misses) : (counts.Hits, counts.Misses + 1);
        return found;
    }

    /// <summary>Makes <paramref name="client"/> keep <paramref name="backend"/> from now on.</summary>
    public void Remember(UInt128 client, AddressKey backend, long nowMs)
    {
        var hash = Hash(client);
        using var stripe = Enter(hash);
        stripe.Entries.Remember(client, hash, backend, nowMs, nowMs - TimeoutMs);
    }

    /// <summary>
    /// The backend that <paramref name="client"/> keeps, which is <paramref name="candidate"/> from now on when it kept
    /// none, or <paramref name="gone"/>: decided at once, so two first connections of one client cannot part.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="candidate">The backend to keep, unless somebody else was quicker.</param>
    /// <param name="gone">The backend that it kept and cannot have; the default is nobody's.</param>
    /// <param name="nowMs">Now.</param>
    public AddressKey FindOrRemember(UInt128 client, AddressKey candidate, AddressKey gone, long nowMs)
    {
        var hash = Hash(client);
        using var stripe = Enter(hash);
        if (stripe.Entries.TryFind(client, hash, nowMs, nowMs - TimeoutMs, out var backend) && backend != gone)
        {
            return backend;
        }

        stripe.Entries.Remember(client, hash, candidate, nowMs, nowMs - TimeoutMs);
        return candidate;
    }

    /// <summary>Ends what <paramref name="client"/> keeps. False when there was nothing.</summary>
    public bool Forget(UInt128 client)
    {
        var hash = Hash(client);
        using var stripe = Enter(hash);
        return stripe.Entries.Forget(client, hash);
    }

    /// <summary>
    /// Reclaims up to <paramref name="maxEntries"/> expired entries. Returns how many; fewer than asked means that
    /// none is left. Hits and misses reclaim as they go, so this is for tables that nobody asks any more; it also gives
    /// back the memory of those that have become small.
    /// </summary>
    public int Sweep(long nowMs, int maxEntries = int.MaxValue)
    {
        var expiry = nowMs - TimeoutMs;
        var total = 0;
        foreach (var stripe in _stripes)
        {
            int batch, reclaimed;
            do
            {
                batch = Math.Min(SweepBatch, maxEntries - total);
                lock (stripe.Lock)
                {
                    reclaimed = stripe.Reclaim(expiry, batch);
                    if (reclaimed < batch)
                    {
                        stripe.Trim();
                    }
                }

                total += reclaimed;
            }
            while (reclaimed == batch && batch > 0);
        }

        return total;
    }

    /// <summary>Clients that keep a backend now. Sweeps.</summary>
    public int Count(long nowMs)
    {
        Sweep(nowMs);
        return Held;
    }

    /// <summary>Entries held, expired ones that nobody has reclaimed yet included.</summary>
    public int Held => Sum(static stripe => stripe.Count);

    /// <summary>Entries that there is memory for now.</summary>
    public int Room => Sum(static stripe => stripe.Room);

    /// <summary>What happened so far.</summary>
    public AffinityCounts Counts
    {
        get
        {
            var counts = default(AffinityCounts);
            foreach (var stripe in _stripes)
            {
                lock (stripe.Lock)
                {
                    counts += stripe.Counts;
                }
            }

            return counts;
        }
    }

    /// <summary>
    /// Up to <paramref name="maxEntries"/> entries as they are now, the most recently used first within each stripe.
    /// Consistent per stripe only.
    /// </summary>
    public IReadOnlyList<AffinityEntry> Snapshot(long nowMs, int maxEntries = int.MaxValue)
    {
        var expiry = nowMs - TimeoutMs;
        var entries = new List<AffinityEntry>();
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                stripe.CopyTo(entries, expiry, maxEntries);
            }
        }

        return entries;
    }

    /// <summary>
    /// The entries used last, at most <paramref name="maxEntries"/>, in no order. Each lock is held for a few
    /// microseconds at a time, so what changes meanwhile may be missed or be there twice.
    /// </summary>
    public List<AffinityEntry> Export(long nowMs, int maxEntries = int.MaxValue)
    {
        var expiry = nowMs - TimeoutMs;
        var entries = new List<AffinityEntry>(Held);
        foreach (var stripe in _stripes)
        {
            var position = 0;
            do
            {
                lock (stripe.Lock)
                {
                    position = stripe.CopyTo(entries, expiry, position, ExportBatch, int.MaxValue);
                }
            }
            while (position != 0);
        }

        if (entries.Count > maxEntries)
        {
            entries.Sort(static (a, b) => b.UsedMs.CompareTo(a.UsedMs));
            entries.RemoveRange(maxEntries, entries.Count - maxEntries);
        }

        return entries;
    }

    /// <summary>
    /// Adds entries from <paramref name="position"/> on, 0 for the beginning, until <paramref name="entries"/> holds the maximum.
    /// Returns where to go on, or 0 after the last. Use does not change their order: who stays is seen once, unless memory is given back.
    /// </summary>
    public long Read(List<AffinityEntry> entries, long nowMs, long position, int maxEntries)
    {
        var expiry = nowMs - TimeoutMs;
        for (var stripe = (int)(position >> SlotBits); stripe < StripesMax; stripe++)
        {
            var slot = (int)(position & ((1L << SlotBits) - 1));
            do
            {
                if (entries.Count >= maxEntries)
                {
                    return ((long)stripe << SlotBits) + slot;
                }

                lock (_stripes[stripe].Lock)
                {
                    slot = _stripes[stripe].CopyTo(entries, expiry, slot, ExportBatch, maxEntries);
                }
            }
            while (slot != 0);

            position = 0;
        }

        return 0;
    }

    /// <summary>
    /// Takes over entries with the time at which each was last used. Returns how many are live. For an empty table that
    /// nobody uses yet: entries lie in the order of use.
    /// </summary>
    public int Import(IEnumerable<AffinityEntry> entries, long nowMs)
    {
        var expiry = nowMs - TimeoutMs;
        foreach (var (client, backend, usedMs) in entries.Where(entry => entry.UsedMs > expiry).OrderBy(static entry => entry.UsedMs))
        {
            var hash = Hash(client);
            using var stripe = Enter(hash);
            stripe.Entries.Remember(client, hash, backend, Math.Min(usedMs, nowMs), expiry);
        }

        return Held;
    }

    /// <summary>
    /// Changes the bound; what goes beyond it is evicted, the least recently used first. For the control plane: it
    /// stops all stripes meanwhile.
    /// </summary>
    public void Resize(int maxEntries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        var inUse = Math.Clamp(maxEntries / StripeEntriesMin, 1, StripesMax);
        Array.ForEach(_stripes, static stripe => stripe.Lock.Enter());
        try
        {
            MaxEntries = maxEntries;
            if (inUse == _stripesInUse)
            {
                Bound(inUse, maxEntries);
            }
            else
            {
                Redistribute(inUse, maxEntries);
            }
        }
        finally
        {
            Array.ForEach(_stripes, static stripe => stripe.Lock.Exit());
        }
    }

    private void Redistribute(int inUse, int maxEntries)
    {
        var entries = new List<AffinityEntry>();
        foreach (var stripe in _stripes)
        {
            stripe.CopyTo(entries, expiry: long.MinValue, int.MaxValue);
            stripe.Bound(0);
        }

        entries.Reverse();

        _stripesInUse = inUse;
        Bound(inUse, maxEntries);
        foreach (var (client, backend, usedMs) in entries.OrderBy(static entry => entry.UsedMs))
        {
            var hash = Hash(client);
            _stripes[StripeOf(hash, inUse)].Remember(client, hash, backend, usedMs, long.MinValue);
        }
    }

    /// <summary>Divides the bound, the remainder among the first.</summary>
    private void Bound(int inUse, int maxEntries)
    {
        for (var i = 0; i < StripesMax; i++)
        {
            _stripes[i].Bound(i >= inUse ? 0 : (maxEntries / inUse) + (i < maxEntries % inUse ? 1 : 0));
        }
    }

    private int Sum(Func<AffinityStripe, int> read)
    {
        var sum = 0;
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                sum += read(stripe);
            }
        }

        return sum;
    }

    private Locked Enter(uint hash)
    {
        while (true)
        {
            var inUse = _stripesInUse;
            var stripe = _stripes[StripeOf(hash, inUse)];
            stripe.Lock.Enter();
            if (inUse == _stripesInUse)
            {
                return new Locked(stripe);
            }

            // Resized while this thread waited for the lock: the client may live in another stripe now.
            stripe.Lock.Exit();
        }
    }

    /// <summary>The upper bits choose the stripe, because the lower ones choose the bucket in it.</summary>
    private static int StripeOf(uint hash, int inUse) => (int)(((ulong)hash * (uint)inUse) >> 32);

    /// <summary>
    /// Folded multiplication as in wyhash (Wang Yi): multiply, and xor the halves of the product. The seed is a
    /// factor, so which addresses collide depends on it.
    /// </summary>
    private uint Hash(UInt128 client)
    {
        unchecked
        {
            var upper = (ulong)(client >> 64) ^ 0xA0761D6478BD642F;
            var lower = (ulong)client ^ _seed;
            var high = Math.BigMul(upper ^ _seed, lower ^ 0xE7037ED1A0B428DB, out var low);
            high = Math.BigMul(high ^ low ^ _seed, 0x8EBC6AF09C88C6E3, out low);
            return (uint)((high ^ low) >> 32);
        }
    }

    /// <summary>A stripe whose lock this thread holds until disposal.</summary>
    private readonly ref struct Locked(AffinityStripe stripe)
    {
        public AffinityStripe Entries => stripe;

        public void Dispose() => stripe.Lock.Exit();
    }
}
