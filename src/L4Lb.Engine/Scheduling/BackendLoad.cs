namespace L4Lb.Engine.Scheduling;

/// <summary>
/// How busy a backend is, shared by all shards and kept across reloads: the part of a backend that schedulers see.
/// Thread-safe; one acquire is paired with one release.
/// </summary>
public sealed class BackendLoad
{
    // Any thread (Interlocked).
    private int _active;

    /// <summary>Sessions that hold the backend now, connecting ones included.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Counts one session more. Returns the new count.</summary>
    public int Acquire() => Interlocked.Increment(ref _active);

    /// <summary>Counts one session less. Returns the new count.</summary>
    public int Release() => Interlocked.Decrement(ref _active);
}
