namespace L4Lb.Engine.Scheduling;

/// <summary>
/// How busy a backend is, shared by all shards and kept across reloads: the part of a backend that schedulers see.
/// Thread-safe; one acquire is paired with one release.
/// </summary>
public sealed class BackendLoad
{
    private readonly LoadTotal? _total;

    // Any thread (Interlocked): the count, times two, and 1 while it rests after having been full. In one word, so that
    // nobody ever sees a count beyond the bound or a rest that is over: who waits for room would miss it.
    private int _state;

    // Written by the control plane, read by any.
    private volatile int _most;
    private volatile int _resumeBelow;

    /// <param name="total">Counts with it; null for nobody.</param>
    public BackendLoad(LoadTotal? total = null) => _total = total;

    /// <summary>Sessions that hold the backend now, connecting ones included.</summary>
    public int Active => Volatile.Read(ref _state) >> 1;

    /// <summary>Most sessions at once; 0 for no bound.</summary>
    public int Most => _most;

    /// <summary>It has as many sessions as it may, or had and is not yet below the mark at which it resumes.</summary>
    public bool IsFull => IsFullIn(Volatile.Read(ref _state));

    /// <summary>
    /// Bounds it: full at <paramref name="most"/> (0: never), and then until there are fewer than
    /// <paramref name="resumeBelow"/> (0: fewer than <paramref name="most"/>), as IPVS does with its thresholds
    /// (Linux net/netfilter/ipvs/ip_vs_conn.c, ip_vs_bind_dest).
    /// </summary>
    public void Bound(int most, int resumeBelow)
    {
        (_most, _resumeBelow) = (most, resumeBelow);
        _ = Change(0, bounded: false);
    }

    /// <summary>Counts one session more. Returns the new count.</summary>
    public int Acquire()
    {
        _total?.Add(1);
        return Change(1, bounded: false);
    }

    /// <summary>Counts one session more unless it is full.</summary>
    public bool TryAcquire()
    {
        if (Change(1, bounded: true) < 0)
        {
            return false;
        }

        _total?.Add(1);
        return true;
    }

    /// <summary>Counts one session less. Returns the new count.</summary>
    public int Release()
    {
        _total?.Add(-1);
        return Change(-1, bounded: false);
    }

    /// <summary>Changes the count and returns it; -1 when that is <paramref name="bounded"/> and it is full.</summary>
    private int Change(int sessions, bool bounded)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (bounded && IsFullIn(state))
            {
                return -1;
            }

            var active = (state >> 1) + sessions;
            var resumeBelow = _resumeBelow;
            var rests = resumeBelow > 0 && (active >= _most || ((state & 1) != 0 && active >= resumeBelow));
            if (Interlocked.CompareExchange(ref _state, (active << 1) | (rests ? 1 : 0), state) == state)
            {
                return active;
            }
        }
    }

    private bool IsFullIn(int state)
    {
        var most = _most;
        return (state & 1) != 0 || (most > 0 && state >> 1 >= most);
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
