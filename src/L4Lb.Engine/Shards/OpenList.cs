namespace L4Lb.Engine.Shards;

/// <summary>Something that has a place in an <see cref="OpenList{T}"/>, which alone writes to these.</summary>
internal interface IOpen<T>
{
    /// <summary>The one that came before it.</summary>
    T? Older { get; set; }

    /// <summary>The one that came after it.</summary>
    T? Newer { get; set; }
}

/// <summary>
/// What is open, threaded through itself, the newest first: entering and leaving allocate nothing and do not search. Shard
/// thread only.
/// </summary>
internal sealed class OpenList<T>
    where T : class, IOpen<T>
{
    private T? _cursor;

    /// <summary>The one that came last.</summary>
    internal T? First { get; private set; }

    internal void Add(T item)
    {
        item.Older = First;
        First?.Newer = item;
        First = item;
    }

    internal void Remove(T item)
    {
        if (item == _cursor)
        {
            _cursor = item.Older;
        }

        if (item.Newer is null)
        {
            First = item.Older;
        }
        else
        {
            item.Newer.Older = item.Older;
        }

        item.Older?.Newer = item.Newer;
        (item.Older, item.Newer) = (null, null);
    }

    /// <summary>Calls <paramref name="visit"/> with everything; it may remove what it is given.</summary>
    internal void ForEach(Action<T> visit)
    {
        for (var item = First; item is not null;)
        {
            var next = item.Older;
            visit(item);
            item = next;
        }
    }

    /// <summary>Begins to visit in portions what is there now; one walk at a time.</summary>
    internal void BeginWalk() => _cursor = First;

    /// <summary>Visits the next ones, which may be removed by it. False when there are no more.</summary>
    internal bool Walk(int most, Action<T> visit)
    {
        for (var visited = 0; visited < most && _cursor is { } item; visited++)
        {
            _cursor = item.Older;
            visit(item);
        }

        return _cursor is not null;
    }
}
