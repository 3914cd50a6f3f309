using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Which backends a destination went to: what <c>lblc</c> and <c>lblcr</c> remember, kept over reloads. At most
/// <see cref="Capacity"/> destinations, as many as IPVS wants to keep; a full bucket forgets the one that was used least
/// recently. Thread-safe without locks; nothing is allocated after it was made.
/// </summary>
/// <remarks>
/// <para>
/// An entry is a key and one word that holds its set of backends, up to <see cref="MostMembers"/> numbers of 16 bits; a set
/// changes by compare-and-swap. Key and set are not changed as one: whoever looks up a key while its entry changes hands
/// may meet the set of the former key, and one session goes where that other destination would have gone. No more can
/// come of it, since any backend may serve any destination.
/// </para>
/// <para>
/// Backends are known by numbers that belong to their addresses and outlive snapshots. When the numbers of backends long
/// gone outgrow those in use, all is forgotten and counting begins anew.
/// </para>
/// </remarks>
internal sealed class LocalityTable
{
    /// <summary>Most destinations.</summary>
    internal const int Capacity = Buckets * Ways;

    /// <summary>Most backends of one destination.</summary>
    internal const int MostMembers = 4;

    private const int BucketBits = 10;
    private const int Buckets = 1 << BucketBits;
    private const int Ways = 16;
    private const int MemberBits = 16;

    // Any thread (Volatile, Interlocked). A key of 0 is a free entry; times are seconds on the clock of picks.
    private readonly ulong[] _keys = new ulong[Capacity];
    private readonly ulong[] _sets = new ulong[Capacity];
    private readonly int[] _used = new int[Capacity];
    private readonly int[] _changed = new int[Capacity];

    // Control plane only.
    private readonly Dictionary<AddressKey, ushort> _numbers = [];

    /// <summary>The member <paramref name="place"/> (from 0) of a set: a backend's number; 0 for none.</summary>
    internal static int MemberOf(ulong set, int place) => (int)(set >> (place * MemberBits)) & ushort.MaxValue;

    /// <summary><paramref name="set"/> with another member at <paramref name="place"/>; 0 for none.</summary>
    internal static ulong With(ulong set, int place, int number) =>
        (set & ~((ulong)ushort.MaxValue << (place * MemberBits))) | ((ulong)number << (place * MemberBits));

    /// <summary>
    /// The numbers of the candidates, from 1. One beyond 65,535 gets 0: no destination remembers it. For the control plane,
    /// when a scheduler is compiled.
    /// </summary>
    internal ushort[] NumbersOf(Candidate[] candidates)
    {
        var most = Math.Min(ushort.MaxValue, (2 * candidates.Length) + 1024);
        if (_numbers.Count + candidates.Count(candidate => !_numbers.ContainsKey(candidate.Address)) > most)
        {
            _numbers.Clear();
            Array.Clear(_keys);
        }

        return Array.ConvertAll(candidates, candidate => NumberOf(candidate.Address));
    }

    /// <summary>The entry of <paramref name="key"/> unless it was idle for <paramref name="idleSeconds"/>; -1 when there is none.</summary>
    internal int Find(ulong key, int nowSeconds, int idleSeconds)
    {
        var first = FirstOf(key);
        for (var entry = first; entry < first + Ways; entry++)
        {
            if (Volatile.Read(ref _keys[entry]) != key)
            {
                continue;
            }

            if (nowSeconds - _used[entry] >= idleSeconds)
            {
                return -1;
            }

            // Written once a second at most, so that shards do not fight for the cache line.
            if (_used[entry] != nowSeconds)
            {
                _used[entry] = nowSeconds;
            }

            return entry;
        }

        return -1;
    }

    /// <summary>The set of an entry.</summary>
    internal ulong SetOf(int entry) => Volatile.Read(ref _sets[entry]);

    /// <summary>How long the set of an entry has not changed.</summary>
    internal int UnchangedSeconds(int entry, int nowSeconds) => nowSeconds - _changed[entry];

    /// <summary>Changes the set of an entry unless somebody else did meanwhile; then theirs is as good.</summary>
    internal void Change(int entry, ulong from, ulong to, int nowSeconds)
    {
        if (Interlocked.CompareExchange(ref _sets[entry], to, from) == from)
        {
            _changed[entry] = nowSeconds;
        }
    }

    /// <summary>
    /// Makes an entry for <paramref name="key"/>, over the one of its bucket that is free or was used least recently. Nothing
    /// is made when somebody else takes that one meanwhile: a cache may miss.
    /// </summary>
    internal void Add(ulong key, ulong set, int nowSeconds)
    {
        var victim = Victim(key);
        var former = Volatile.Read(ref _keys[victim]);
        if (Interlocked.CompareExchange(ref _keys[victim], key, former) == former)
        {
            Volatile.Write(ref _sets[victim], set);
            _used[victim] = nowSeconds;
            _changed[victim] = nowSeconds;
        }
    }

    private static int FirstOf(ulong key) => (int)(key >> (64 - BucketBits)) * Ways;

    private int Victim(ulong key)
    {
        var first = FirstOf(key);
        var (victim, leastUsed) = (first, long.MaxValue);
        for (var entry = first; entry < first + Ways; entry++)
        {
            var holder = Volatile.Read(ref _keys[entry]);
            if (holder == key)
            {
                return entry;
            }

            var used = holder == 0 ? long.MinValue : _used[entry];
            (victim, leastUsed) = used < leastUsed ? (entry, used) : (victim, leastUsed);
        }

        return victim;
    }

    private ushort NumberOf(in AddressKey address)
    {
        if (!_numbers.TryGetValue(address, out var number) && _numbers.Count < ushort.MaxValue)
        {
            _numbers[address] = number = (ushort)(_numbers.Count + 1);
        }

        return number;
    }
}
