namespace L4Lb.Engine.Scheduling;

/// <summary>
/// How busy a backend is, shared by all shards and kept across reloads: the part of a backend that schedulers see.
/// Thread-safe; one acquire is paired with one release.
/// </summary>
public sealed class BackendLoad
{
    private readonly LoadTotal? _total;

    // Any thread (Interlocked).
    private int _active;

    // Written by the control plane, read by any.
    private volatile int _most;
    private volatile int _resumeBelow;

    // Any thread. A stale value admits or refuses one session late, which the next acquire or release puts right.
    private volatile bool _isClosed;

    // Any thread: what schedulers have learned, here because it is to survive them. Fields, since they are mutable structs.
    internal PeakEstimate PeakConnectTime;
    internal PeakEstimate PeakFirstByteTime;
    internal AverageTime AverageConnectTime;
    internal AverageTime AverageFirstByteTime;
    internal ByteRate ByteRate;

    /// <param name="total">Counts with it; null for nobody.</param>
    public BackendLoad(LoadTotal? total = null) => _total = total;

    /// <summary>Sessions that hold the backend now, connecting ones included.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Most sessions at once; 0 for no bound.</summary>
    public int Most => _most;

    /// <summary>It has as many sessions as it may, or had and is not yet below the mark at which it resumes.</summary>
    public bool IsFull => _isClosed || (_most > 0 && Active >= _most);

    /// <summary>
    /// Bounds it: full at <paramref name="most"/> (0: never), and then until there are fewer than
    /// <paramref name="resumeBelow"/> (0: fewer than <paramref name="most"/>), as IPVS does with its thresholds
    /// (Linux net/netfilter/ipvs/ip_vs_conn.c, ip_vs_bind_dest).
    /// </summary>
    public void Bound(int most, int resumeBelow)
    {
        (_most, _resumeBelow) = (most, resumeBelow);
        Settle(Active);
    }

    /// <summary>Counts one session more. Returns the new count.</summary>
    public int Acquire()
    {
        _total?.Add(1);
        var active = Interlocked.Increment(ref _active);
        Settle(active);
        return active;
    }

    /// <summary>Counts one session more unless it is full.</summary>
    public bool TryAcquire()
    {
        if (_isClosed)
        {
            return false;
        }

        var most = _most;
        if (Acquire() > most && most > 0)
        {
            Release();
            return false;
        }

        return true;
    }

    /// <summary>Counts one session less. Returns the new count.</summary>
    public int Release()
    {
        _total?.Add(-1);
        var active = Interlocked.Decrement(ref _active);
        Settle(active);
        return active;
    }

    private void Settle(int active)
    {
        var resumeBelow = _resumeBelow;
        if (resumeBelow > 0 && active >= _most)
        {
            _isClosed = true;
        }
        else if (_isClosed && (resumeBelow == 0 || active < resumeBelow))
        {
            _isClosed = false;
        }
    }
}

/// <summary>Sessions that hold any of a service's backends, for schedulers that compare one with all. Thread-safe.</summary>
public sealed class LoadTotal
{
    private int _active;

    /// <summary>Sessions now.</summary>
    public int Active => Volatile.Read(ref _active);

    internal void Add(int sessions) => Interlocked.Add(ref _active, sessions);
}
