namespace L4Lb.Lab.Simulation;

/// <summary>What happens.</summary>
internal enum EventKind
{
    /// <summary>A request has been served.</summary>
    Served,

    /// <summary>A connect ends, one way or the other.</summary>
    ConnectEnds,

    /// <summary>A user has thought.</summary>
    Thought,

    /// <summary>A fault begins or ends.</summary>
    Fault,

    /// <summary>A balancer's health has something to do.</summary>
    Health,

    /// <summary>A check has its answer.</summary>
    CheckEnds,

    /// <summary>The balancers are told who serves.</summary>
    Apply,

    /// <summary>Sessions of a backend that left have had their time.</summary>
    DrainEnds,

    /// <summary>A session has waited long enough for room.</summary>
    QueueTimeout,

    /// <summary>Balancers tell each other their counts.</summary>
    ShareCounts,

    /// <summary>The warm-up, or a step of measured time, is over.</summary>
    StepEnds,
}

/// <summary>Something that happens at a time.</summary>
/// <param name="Time">When, in virtual nanoseconds.</param>
/// <param name="Order">Tells apart what happens at the same time: first come, first served. The kind is in its lowest byte.</param>
/// <param name="Index">What it concerns.</param>
/// <param name="Stamp">Whether it still does.</param>
internal readonly record struct Event(long Time, long Order, int Index, int Stamp)
{
    internal EventKind Kind => (EventKind)(Order & 0xFF);

    internal bool IsBefore(in Event other) => Time < other.Time || (Time == other.Time && Order < other.Order);
}

/// <summary>
/// What will happen, the soonest first: a heap with four children a node, which takes half the levels of one with two, and the
/// four lie together in memory. For one thread.
/// </summary>
internal sealed class EventHeap
{
    private Event[] _events = new Event[256];
    private int _count;
    private long _order;

    /// <summary>Time of the soonest; the greatest number when there is none.</summary>
    internal long NextTime => _count == 0 ? long.MaxValue : _events[0].Time;

    internal int Count => _count;

    internal void Push(long time, EventKind kind, int index, int stamp = 0)
    {
        if (_count == _events.Length)
        {
            Array.Resize(ref _events, _count * 2);
        }

        var added = new Event(time, (_order++ << 8) | (long)kind, index, stamp);
        var events = _events;
        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 2;
            if (!added.IsBefore(events[parent]))
            {
                break;
            }

            events[at] = events[parent];
            at = parent;
        }

        events[at] = added;
    }

    internal Event Pop()
    {
        var events = _events;
        var first = events[0];
        var last = events[--_count];
        var at = 0;
        while (true)
        {
            var child = (at << 2) + 1;
            if (child >= _count)
            {
                break;
            }

            var best = child;
            for (var end = Math.Min(child + 4, _count); ++child < end;)
            {
                if (events[child].IsBefore(events[best]))
                {
                    best = child;
                }
            }

            if (!events[best].IsBefore(last))
            {
                break;
            }

            events[at] = events[best];
            at = best;
        }

        events[at] = last;
        return first;
    }
}
