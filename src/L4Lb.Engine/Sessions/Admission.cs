namespace L4Lb.Engine.Sessions;

/// <summary>
/// Keeps the process within its descriptors: says how many sessions there may be, and counts them. Shared by all
/// shards; thread-safe.
/// </summary>
internal sealed class Admission
{
    /// <summary>
    /// Descriptors that are not ours to hand out: the runtime's own, log and manifest files, the admin server and its
    /// clients, health probes.
    /// </summary>
    internal const int Reserve = 256;

    /// <summary>Descriptors of one session: the client's and the backend's.</summary>
    internal const int PerSession = 2;

    // Immutable.
    private readonly int _descriptors;
    private readonly int _sessionsMost;

    // Any thread (Interlocked).
    private int _active;
    private int _limit;
    private long _turnedAway;

    /// <param name="descriptors">RLIMIT_NOFILE.</param>
    /// <param name="pipes">Most splice pipes of all shards, two descriptors each.</param>
    /// <param name="sessionsMost">A lower limit than the descriptors' that was asked for; 0 for none.</param>
    internal Admission(int descriptors, int pipes, int sessionsMost)
    {
        _descriptors = Math.Max(descriptors - Reserve - (2 * pipes), PerSession);
        _sessionsMost = sessionsMost > 0 ? sessionsMost : int.MaxValue;
        UpdateListeners(0);
    }

    /// <summary>Sessions open now.</summary>
    internal int Active => Volatile.Read(ref _active);

    /// <summary>Most sessions at once.</summary>
    internal int Limit => Volatile.Read(ref _limit);

    /// <summary>Most listening sockets: half of what there is, so that whoever is let in can also be served.</summary>
    internal int ListenersMost => _descriptors / 2;

    /// <summary>Times that a listener was paused because the limit was reached.</summary>
    internal long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>Tells how many listening sockets there are; the rest is for sessions.</summary>
    internal void UpdateListeners(int listeners) =>
        Volatile.Write(ref _limit, Math.Clamp((_descriptors - listeners) / PerSession, 1, _sessionsMost));

    /// <summary>Counts one session in; false when there are as many as there may be.</summary>
    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _active) <= Limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _active);
        Interlocked.Increment(ref _turnedAway);
        return false;
    }

    /// <summary>Counts one session out.</summary>
    internal void Leave() => Interlocked.Decrement(ref _active);
}
