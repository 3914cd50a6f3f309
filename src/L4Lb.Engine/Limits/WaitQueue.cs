namespace L4Lb.Engine.Limits;

/// <summary>
/// The bounded queue of those who wait for room, first come first served. It knows nothing of room: whoever has the
/// turn tries for itself, and says how that went. Shared by all shards; thread-safe. The lock is taken only by those
/// who wait and while somebody waits: offering room to an empty queue costs one volatile read.
/// </summary>
/// <remarks>
/// <para>
/// At most one place has the turn. Room that is offered meanwhile is remembered and gives the first another try, so
/// none is missed between its look and its answer. Whoever joins is counted before it looks for the last time, and
/// whoever gives something back does so before it reads the count: one of the two sees the other (both are
/// full fences).
/// </para>
/// <para>
/// One that is served hands the turn on, because more than one place may have come free at once. One that is not ends
/// the round, since those behind it would fare no better, unless there is room that only it cannot use: then the turn
/// goes on to the next, and the place keeps its rank.
/// </para>
/// </remarks>
internal sealed class WaitQueue
{
    private readonly Lock _lock = new();

    // Under the lock.
    private QueuePlace? _first;
    private QueuePlace? _last;
    private QueuePlace? _turn;
    private bool _offered;

    // Under the lock; read by any.
    private int _count;

    /// <summary>Places taken.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Takes the last place; false when <paramref name="most"/> are taken. The place gets a turn soon if it is the
    /// first, or if those before it were passed over.
    /// </summary>
    /// <param name="place">A new place.</param>
    /// <param name="most">Bound on the number of places.</param>
    /// <param name="position">Its rank now, from 1.</param>
    internal bool TryJoin(QueuePlace place, int most, out int position)
    {
        QueuePlace? next;
        lock (_lock)
        {
            position = _count + 1;
            if (_count >= most)
            {
                return false;
            }

            (place.Previous, place.IsWaiting) = (_last, true);
            (_last is null ? ref _first : ref _last.Next) = place;
            _last = place;
            Interlocked.Increment(ref _count);
            next = _turn is null && (_first == place || _first!.WasPassed) ? Give(place) : null;
        }

        next?.OnTurn();
        return true;
    }

    /// <summary>There may be room: the first place gets a turn.</summary>
    internal void Offer()
    {
        // The read must not move before the write that made the room, which callers do with an interlocked operation.
        if (Count == 0)
        {
            return;
        }

        QueuePlace? next;
        lock (_lock)
        {
            _offered = _turn is not null;
            next = _turn is null ? Give(_first) : null;
        }

        next?.OnTurn();
    }

    /// <summary>The place had its turn and found no room that it can use.</summary>
    /// <param name="place">The place.</param>
    /// <param name="passes">There is room that others might be able to use.</param>
    internal void Yield(QueuePlace place, bool passes)
    {
        QueuePlace? next = null;
        lock (_lock)
        {
            if (_turn == place)
            {
                place.WasPassed = passes;
                next = Give(_offered ? _first : passes ? place.Next : null);
            }
        }

        next?.OnTurn();
    }

    /// <summary>The place is given up: it is served, or does not wait any more. Nothing when it was already.</summary>
    internal void Leave(QueuePlace place)
    {
        QueuePlace? next = null;
        lock (_lock)
        {
            if (!place.IsWaiting)
            {
                return;
            }

            place.IsWaiting = false;
            (place.Previous is null ? ref _first : ref place.Previous.Next) = place.Next;
            (place.Next is null ? ref _last : ref place.Next.Previous) = place.Previous;
            (place.Previous, place.Next) = (null, null);
            Interlocked.Decrement(ref _count);
            if (_turn == place)
            {
                next = Give(_first);
            }
        }

        next?.OnTurn();
    }

    private QueuePlace? Give(QueuePlace? place)
    {
        (_turn, _offered) = (place, false);
        return place;
    }
}

/// <summary>One place in a <see cref="WaitQueue"/>, for one wait; its own list node.</summary>
internal abstract class QueuePlace
{
    // Under the queue's lock; the queue's.
    internal QueuePlace? Next;
    internal QueuePlace? Previous;
    internal bool IsWaiting;

    /// <summary>It found nothing for itself although there was room when it last had the turn.</summary>
    internal bool WasPassed;

    /// <summary>
    /// It is this place's turn: it must look for room and answer with <see cref="WaitQueue.Leave"/> or
    /// <see cref="WaitQueue.Yield"/>. Called by any thread, without the lock; must not call the queue itself.
    /// </summary>
    internal abstract void OnTurn();
}
