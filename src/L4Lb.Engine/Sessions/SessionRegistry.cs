using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// The open sessions of one shard, as a list threaded through them: entering and leaving allocate nothing. Shard
/// thread only, but for <see cref="Count"/>, <see cref="Expect"/> and <see cref="Arrived"/>.
/// </summary>
internal sealed class SessionRegistry
{
    private Session? _first;
    private int _count;

    // Any thread (Interlocked).
    private int _expected;

    /// <summary>Sessions open now, those on their way from another shard included; read by any thread.</summary>
    internal int Count => Volatile.Read(ref _count) + Volatile.Read(ref _expected);

    /// <summary>Another shard has one for this one: it counts from now on, or a burst would go all the same way.</summary>
    internal void Expect() => Interlocked.Increment(ref _expected);

    /// <summary>One that was expected is here.</summary>
    internal void Arrived() => Interlocked.Decrement(ref _expected);

    /// <summary>Called when a session has left: whoever waits for room may try again.</summary>
    internal event Action? Left;

    internal void Add(Session session)
    {
        session.NextSession = _first;
        if (_first is not null)
        {
            _first.PreviousSession = session;
        }

        _first = session;
        Volatile.Write(ref _count, _count + 1);
    }

    internal void Remove(Session session)
    {
        if (session.PreviousSession is null)
        {
            _first = session.NextSession;
        }
        else
        {
            session.PreviousSession.NextSession = session.NextSession;
        }

        if (session.NextSession is not null)
        {
            session.NextSession.PreviousSession = session.PreviousSession;
        }

        (session.NextSession, session.PreviousSession) = (null, null);
        Volatile.Write(ref _count, _count - 1);
        Left?.Invoke();
    }

    /// <summary>Gives every session of <paramref name="backend"/> that much time more, and up to a tenth on top.</summary>
    internal void Drain(Backend backend, long drainMs)
    {
        for (var session = _first; session is not null; session = session.NextSession)
        {
            if (session.Backend == backend)
            {
                // Clients that all reconnect in one moment would be the next outage.
                session.DrainBy(session.NowMs + drainMs + Random.Shared.NextInt64((drainMs / 10) + 1));
            }
        }
    }

    /// <summary>Ends every session of <paramref name="backend"/> if it is still down by then, spread over that much time.</summary>
    internal void Reset(Backend backend, long spreadMs)
    {
        for (var session = _first; session is not null; session = session.NextSession)
        {
            if (session.Backend == backend)
            {
                session.ResetBy(session.NowMs + Random.Shared.NextInt64(spreadMs + 1));
            }
        }
    }

    /// <summary>Ends every session at once.</summary>
    internal void AbortAll(CloseReason reason)
    {
        var session = _first;
        while (session is not null)
        {
            // Ending a session takes it off the list.
            var next = session.NextSession;
            session.Abort(reason);
            session = next;
        }
    }
}
