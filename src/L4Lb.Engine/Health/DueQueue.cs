namespace L4Lb.Engine.Health;

/// <summary>
/// What is to be done, by when: one heap for every check, ejection and step of the process, so that ten thousand backends
/// need one timer. Monitor's loop only.
/// </summary>
internal sealed class DueQueue
{
    // An item that was moved or cancelled leaves its old entry behind, which is passed over when its time has come: at
    // most one for each time that it was scheduled within one interval.
    private readonly PriorityQueue<DueItem, long> _heap = new();

    /// <summary>Time of the first entry; null without any.</summary>
    internal long? NextMs => _heap.TryPeek(out _, out var dueMs) ? dueMs : null;

    /// <summary>Runs <paramref name="item"/> at <paramref name="dueMs"/>, and no longer at whatever time it was to before.</summary>
    internal void Schedule(DueItem item, long dueMs)
    {
        item.DueMs = dueMs;
        _heap.Enqueue(item, dueMs);
    }

    /// <summary>Runs everything whose time has come.</summary>
    internal void RunDue(long nowMs)
    {
        while (_heap.TryPeek(out var item, out var dueMs) && dueMs <= nowMs)
        {
            _heap.Dequeue();
            if (item.DueMs == dueMs)
            {
                item.Cancel();
                item.Run();
            }
        }
    }
}

/// <summary>Something to be done at a time. Monitor's loop only.</summary>
internal sealed class DueItem(Action run)
{
    private const long Never = -1;

    internal Action Run { get; } = run;

    internal long DueMs { get; set; } = Never;

    internal bool IsScheduled => DueMs != Never;

    internal void Cancel() => DueMs = Never;
}
