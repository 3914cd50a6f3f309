using L4Lb.Engine.Runtime;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// The open sessions of one shard. Shard thread only, but for <see cref="Count"/>, <see cref="Expect"/> and
/// <see cref="Arrived"/>.
/// </summary>
internal sealed class SessionRegistry
{
    private readonly OpenList<Session> _open = new();
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
        _open.Add(session);
        Volatile.Write(ref _count, _count + 1);
    }

    internal void Remove(Session session)
    {
        _open.Remove(session);
        Volatile.Write(ref _count, _count - 1);
        Left?.Invoke();
    }

    /// <summary>As in <see cref="OpenList{T}.BeginWalk"/>.</summary>
    internal void BeginWalk() => _open.BeginWalk();

    /// <summary>As in <see cref="OpenList{T}.Walk"/>.</summary>
    internal bool Walk(int most, Action<Session> visit) => _open.Walk(most, visit);

    /// <summary>Gives every session that <paramref name="leaves"/> that much time more, and up to a tenth on top.</summary>
    internal void Drain(Predicate<Session> leaves, long drainMs) => _open.ForEach(session =>
    {
        if (leaves(session))
        {
            // Clients that all reconnect in one moment would be the next outage.
            session.DrainBy(session.NowMs + drainMs + Random.Shared.NextInt64((drainMs / 10) + 1));
        }
    });

    /// <summary>Ends every session of <paramref name="backend"/> if it is still down by then, spread over that much time.</summary>
    internal void Reset(Backend backend, long spreadMs) => _open.ForEach(session =>
    {
        if (session.Backend == backend)
        {
            session.ResetBy(session.NowMs + Random.Shared.NextInt64(spreadMs + 1));
        }
    });

    /// <summary>Ends every session at once.</summary>
    internal void AbortAll(CloseReason reason) => _open.ForEach(session => session.Abort(reason));
}
