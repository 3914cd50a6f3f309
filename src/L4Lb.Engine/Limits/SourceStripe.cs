namespace L4Lb.Engine.Limits;

/// <summary>
/// A part of the <see cref="SourceTable"/>: sources by address, those without open sessions linked in the order in which
/// they were last seen. Every member but <see cref="Lock"/> is called with that lock held.
/// </summary>
internal sealed class SourceStripe
{
    /// <summary>Stale sources that an insertion reclaims: more than it adds, so that they cannot accumulate.</summary>
    private const int ReclaimPerInsertion = 2;

    /// <summary>The place of the list's head in <see cref="_slots"/>: Newer of it is the oldest.</summary>
    private const int Head = 0;

    private readonly Dictionary<UInt128, int> _indices = [];
    private readonly Stack<int> _free = new();
    private Slot[] _slots = new Slot[1];
    private int _used = 1;

    /// <summary>Guards every other member; held for well under a microsecond, but for growth and control.</summary>
    internal Lock Lock { get; } = new();

    /// <summary>Sources remembered.</summary>
    internal int Count => _indices.Count;

    /// <summary>Most sources; those with open sessions are kept beyond it.</summary>
    internal int Bound { get; set; }

    /// <summary>Lets one session of <paramref name="source"/> in, or refuses it.</summary>
    internal bool TryEnter(UInt128 source, SourceLimits limits, long nowMs)
    {
        if (!_indices.TryGetValue(source, out var index))
        {
            Reclaim(limits, nowMs, ReclaimPerInsertion);
            Evict(Bound - 1);
            index = Add(source, nowMs);
        }

        ref var slot = ref _slots[index];
        var wasIdle = slot.State.Open == 0;
        var enters = slot.State.TryEnter(limits, nowMs);
        if (wasIdle)
        {
            Unlink(index);
            if (!enters)
            {
                LinkAsNewest(index);
            }
        }

        return enters;
    }

    /// <summary>Counts one session of <paramref name="source"/> out.</summary>
    internal void Leave(UInt128 source)
    {
        var index = _indices[source];
        if (--_slots[index].State.Open == 0)
        {
            LinkAsNewest(index);
            Evict(Bound);
        }
    }

    /// <summary>Forgets sources without open sessions until there are at most <paramref name="most"/>, the longest unseen first.</summary>
    internal void Evict(int most)
    {
        while (Count > most && _slots[Head].Newer != Head)
        {
            Remove(_slots[Head].Newer);
        }
    }

    /// <summary>Forgets up to <paramref name="most"/> sources of which nothing matters any more.</summary>
    internal void Reclaim(SourceLimits limits, long nowMs, int most)
    {
        for (; most > 0 && _slots[Head].Newer is var oldest and not Head && _slots[oldest].State.IsStale(limits, nowMs); most--)
        {
            Remove(oldest);
        }
    }

    /// <summary>Counts the sources that are denied and the sessions that are open.</summary>
    internal (int Denied, int Open) Measure(long nowMs)
    {
        var (denied, open) = (0, 0);
        foreach (var index in _indices.Values)
        {
            denied += nowMs < _slots[index].State.DeniedUntilMs ? 1 : 0;
            open += _slots[index].State.Open;
        }

        return (denied, open);
    }

    private int Add(UInt128 source, long nowMs)
    {
        if (!_free.TryPop(out var index))
        {
            if (_used == _slots.Length)
            {
                Array.Resize(ref _slots, _slots.Length * 2);
            }

            index = _used++;
        }

        _slots[index] = new Slot { Source = source, State = new SourceState(nowMs) };
        _indices.Add(source, index);
        LinkAsNewest(index);
        return index;
    }

    private void Remove(int index)
    {
        Unlink(index);
        _indices.Remove(_slots[index].Source);
        _free.Push(index);
    }

    private void LinkAsNewest(int index)
    {
        var newest = _slots[Head].Older;
        (_slots[index].Older, _slots[index].Newer) = (newest, Head);
        (_slots[newest].Newer, _slots[Head].Older) = (index, index);
    }

    private void Unlink(int index)
    {
        var (older, newer) = (_slots[index].Older, _slots[index].Newer);
        (_slots[older].Newer, _slots[newer].Older) = (newer, older);
    }

    private struct Slot
    {
        internal UInt128 Source;
        internal SourceState State;
        internal int Older;
        internal int Newer;
    }
}
