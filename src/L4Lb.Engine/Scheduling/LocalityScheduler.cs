namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>lblc</c>: a destination stays with the backend that it went to, so that this one's cache knows it, until that one is
/// overloaded: it has more sessions than its weight while another has less than half of its own. Then, and the first time,
/// it goes where <c>wlc</c> would. <c>lblcr</c>: a destination that needs more than one backend keeps a set of them and uses the
/// least loaded; a set that did not change for the time of <c>expiration</c> loses its most loaded member (Linux
/// net/netfilter/ipvs/ip_vs_lblc.c, ip_vs_lblcr.c). <c>lblc</c> is <c>lblcr</c> with sets of one. O(1) while the backend is not
/// above its weight, O(n) else.
/// </summary>
/// <remarks>
/// <para>
/// The kernel's sets are not bounded; here they have at most <see cref="LocalityTable.MostMembers"/>, and a full one gives
/// up its most loaded member. The kernel's collector runs by the minute; here an entry that was idle for the time of
/// <c>expiration</c> counts as absent when it is looked up. <c>lblc</c> in the kernel goes on to a backend that is full; here
/// nobody does.
/// </para>
/// <para>
/// The kernel's destination is an address behind a transparent cache. A proxy's is its own virtual address, so
/// <c>hash-on=source</c>, by which a client stays where it was, will often be what is wanted. A backend that did not answer
/// is forgotten, or its idleness would draw every session of the destination to it: the destination stays with the one
/// that did.
/// </para>
/// </remarks>
internal sealed class LocalityScheduler : IScheduler
{
    /// <summary>The entry of <c>lblc</c> in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = Define(
        "lblc", "a destination stays with its backend until that one is overloaded", mostMembers: 1);

    /// <summary>The entry of <c>lblcr</c> in the catalog.</summary>
    internal static readonly SchedulerDefinition ReplicatedDefinition = Define(
        "lblcr", "a destination stays with a set of backends, which grows while they are overloaded", LocalityTable.MostMembers);

    private const string Expiration = "expiration";

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly LocalityTable _table;
    private readonly LeastRatio _least;
    private readonly ushort[] _numbers;
    private readonly int[] _indexByNumber;
    private readonly int _mostMembers;
    private readonly string _hashOn;
    private readonly int _expirationSeconds;

    private LocalityScheduler(
        string name, int mostMembers, Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters)
    {
        Name = name;
        _candidates = candidates;
        _table = memory.Keep(static () => new LocalityTable());
        _least = new LeastRatio(candidates, memory, joining: 0);
        _numbers = _table.NumbersOf(candidates);
        _indexByNumber = new int[_numbers.DefaultIfEmpty().Max() + 1];
        Array.Fill(_indexByNumber, -1);
        for (var i = 0; i < _numbers.Length; i++)
        {
            _indexByNumber[_numbers[i]] = _numbers[i] == 0 ? -1 : i;
        }

        _mostMembers = mostMembers;
        _hashOn = parameters.Text(HashKey.Parameter.Name);
        _expirationSeconds = (int)Math.Max(1, parameters.DurationMs(Expiration) / 1000);
    }

    public string Name { get; }

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        var now = (int)(nowMs / 1000);
        var key = KeyOf(in flow);
        var entry = _table.Find(key, now, _expirationSeconds);
        if (entry >= 0 && tried.Count > 0)
        {
            Forget(entry, in tried, now);
        }

        var member = entry < 0 ? -1 : LeastLoaded(_table.SetOf(entry), in tried);
        if (entry >= 0 && _table.UnchangedSeconds(entry, now) > _expirationSeconds)
        {
            Shrink(entry, now);
        }

        if (member >= 0 && !IsOverloaded(member))
        {
            return member;
        }

        var least = _least.Next(in tried);
        if (least < 0)
        {
            return member;
        }

        if (entry < 0)
        {
            _table.Add(key, LocalityTable.With(0, 0, _numbers[least]), now);
        }
        else
        {
            Grow(entry, least, now);
        }

        return least;
    }

    private static SchedulerDefinition Define(string name, string summary, int mostMembers) =>
        new(
            name, summary, SchedulerTraits.ByLoad | SchedulerTraits.Packs,
            (candidates, memory, parameters) => new LocalityScheduler(name, mostMembers, candidates, memory, parameters))
        {
            Parameters =
            [
                HashKey.Parameter with { Default = HashKey.Destination },
                SchedulerParameterDefinition.Duration(Expiration, "how long an idle destination is remembered", "24h"),
            ],
        };

    /// <summary>64 well mixed bits of the destination, never 0; the kernel's destination has no port.</summary>
    private ulong KeyOf(in FlowKey flow)
    {
        var key = HashKey.Of(in flow, _hashOn);
        var port = _hashOn == HashKey.Destination ? 0 : key.Port;
        var mixed = Mix(Mix((ulong)(key.Address >> 64) ^ (ulong)port) ^ (ulong)key.Address);
        return mixed == 0 ? 1 : mixed;
    }

    /// <summary>The finalizer of MurmurHash3 (Appleby) after a step by the golden ratio, as in SplitMix64.</summary>
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCD;
            z = (z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53;
            return z ^ (z >> 33);
        }
    }

    /// <summary>The index of a set's member, -1 when there is none or it is not a candidate any more.</summary>
    private int IndexOf(ulong set, int place)
    {
        var number = LocalityTable.MemberOf(set, place);
        return number < _indexByNumber.Length ? _indexByNumber[number] : -1;
    }

    private int LeastLoaded(ulong set, in TriedSet tried)
    {
        var least = -1;
        for (var place = 0; place < _mostMembers; place++)
        {
            var index = IndexOf(set, place);
            if (index >= 0 && _candidates.CanTake(index, in tried) && (least < 0 || IsMoreLoaded(least, index)))
            {
                least = index;
            }
        }

        return least;
    }

    private bool IsMoreLoaded(int one, int other) =>
        (long)_candidates[one].Load.Active * _candidates[other].Weight > (long)_candidates[other].Load.Active * _candidates[one].Weight;

    private bool IsOverloaded(int index)
    {
        if (_candidates[index].Load.Active <= _candidates[index].Weight)
        {
            return false;
        }

        foreach (ref readonly var candidate in _candidates.AsSpan())
        {
            if (2L * candidate.Load.Active < candidate.Weight)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Drops those that a session just tried in vain.</summary>
    private void Forget(int entry, in TriedSet tried, int now)
    {
        var set = _table.SetOf(entry);
        var left = set;
        for (var place = 0; place < _mostMembers; place++)
        {
            if (IndexOf(set, place) is >= 0 and var index && tried.Contains(index))
            {
                left = LocalityTable.With(left, place, 0);
            }
        }

        if (left != set)
        {
            _table.Change(entry, set, left, now);
        }
    }

    /// <summary>Takes in a backend where there is room, else in place of who can be spared most.</summary>
    private void Grow(int entry, int index, int now)
    {
        var set = _table.SetOf(entry);
        var spared = 0;
        for (var place = 0; place < _mostMembers; place++)
        {
            if (LocalityTable.MemberOf(set, place) == _numbers[index])
            {
                return;
            }

            spared = place > 0 && CanSpareMore(IndexOf(set, place), IndexOf(set, spared)) ? place : spared;
        }

        _table.Change(entry, set, LocalityTable.With(set, spared, _numbers[index]), now);
    }

    /// <summary>Who is gone can be spared first, then who may not serve, then who is more loaded.</summary>
    private bool CanSpareMore(int one, int other) =>
        other >= 0 && (one < 0 || (_candidates[other].Weight > 0 && (_candidates[one].Weight == 0 || IsMoreLoaded(one, other))));

    /// <summary>Of a set of two or more that nobody changed for long, drops the most loaded member that may serve.</summary>
    private void Shrink(int entry, int now)
    {
        var set = _table.SetOf(entry);
        var (size, most) = (0, -1);
        for (var place = 0; place < _mostMembers; place++)
        {
            size += LocalityTable.MemberOf(set, place) == 0 ? 0 : 1;
            var index = IndexOf(set, place);
            if (index >= 0 && _candidates[index].Weight > 0 && (most < 0 || IsMoreLoaded(index, IndexOf(set, most))))
            {
                most = place;
            }
        }

        if (size > 1 && most >= 0)
        {
            _table.Change(entry, set, LocalityTable.With(set, most, 0), now);
        }
    }
}
