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

    /// <summary>Descriptors of one session: the client's and the backend's. A UDP flow has the backend's alone.</summary>
    internal const int PerSession = 2;

    // Immutable.
    private readonly int _descriptors;
    private readonly int _sessionsMost;
    private readonly int _flowsMost;

    // Any thread (Interlocked).
    private int _active;
    private int _flows;
    private int _free;
    private long _turnedAway;

    /// <param name="descriptors">RLIMIT_NOFILE.</param>
    /// <param name="pipes">Most splice pipes of all shards, two descriptors each.</param>
    /// <param name="sessionsMost">A lower limit than the descriptors' that was asked for; 0 for none.</param>
    /// <param name="flowsMost">Most UDP flows; 0 leaves them half of the descriptors.</param>
    internal Admission(int descriptors, int pipes, int sessionsMost, int flowsMost = 0)
    {
        _descriptors = Math.Max(descriptors - Reserve - (2 * pipes), PerSession);
        _sessionsMost = sessionsMost > 0 ? sessionsMost : int.MaxValue;
        _flowsMost = flowsMost > 0 ? flowsMost : _descriptors / 2;
        UpdateListeners(0);
    }

    /// <summary>Sessions and flows open now.</summary>
    internal int Active => Volatile.Read(ref _active) + Flows;

    /// <summary>Flows open now.</summary>
    internal int Flows => Volatile.Read(ref _flows);

    /// <summary>Most sessions at once, as long as there are no more flows than now.</summary>
    internal int Limit => Math.Clamp((Volatile.Read(ref _free) - Flows) / PerSession, 1, _sessionsMost);

    /// <summary>Most flows at once, as long as there are no more sessions than now.</summary>
    internal int FlowLimit => Math.Clamp(Volatile.Read(ref _free) - (PerSession * Volatile.Read(ref _active)), 1, _flowsMost);

    /// <summary>Most listening sockets: half of what there is, so that whoever is let in can also be served.</summary>
    internal int ListenersMost => _descriptors / 2;

    /// <summary>Times that a listener was paused because the limit was reached.</summary>
    internal long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>Tells how many listening sockets there are; the rest is for sessions.</summary>
    internal void UpdateListeners(int listeners) => Volatile.Write(ref _free, _descriptors - listeners);

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

    /// <summary>Counts one flow in; false when there are as many as there may be.</summary>
    internal bool TryEnterFlow()
    {
        if (Interlocked.Increment(ref _flows) <= FlowLimit)
        {
            return true;
        }

        Interlocked.Decrement(ref _flows);
        return false;
    }

    /// <summary>Counts one flow out.</summary>
    internal void LeaveFlow() => Interlocked.Decrement(ref _flows);
}
