namespace L4Lb.K8s.Provider;

/// <summary>
/// Decides what becomes of an event: a new one, one more of a series, or nothing, when there are too many about one object. The
/// limits are those of client-go. Not thread-safe.
/// </summary>
internal sealed class EventSeries(TimeProvider time)
{
    // Of one object, at once; and how long each takes to come back.
    private const int Burst = 25;
    private static readonly TimeSpan s_refill = TimeSpan.FromMinutes(5);

    // What has not happened for so long begins anew when it does.
    private static readonly TimeSpan s_end = TimeSpan.FromMinutes(6);

    private const int MostRemembered = 8192;

    private readonly Dictionary<EventNote, Known> _known = [];
    private readonly Dictionary<EventSubject, (double Tokens, long At)> _budgets = [];

    /// <summary>Number of events and objects that are remembered.</summary>
    public int Remembered => _known.Count + _budgets.Count;

    /// <summary>Counts an event.</summary>
    /// <param name="note">What happened.</param>
    /// <returns>What is known of it; null when nothing is to be said of it now.</returns>
    public Known? Count(EventNote note)
    {
        var now = time.GetTimestamp();
        if (!_known.TryGetValue(note, out var known) || time.GetElapsedTime(known.At, now) > s_end)
        {
            Forget(now);
            _known[note] = known = new Known();
        }

        known.Count++;
        known.At = now;
        return MaySpeak(note.About, now) ? known : null;
    }

    /// <summary>The event is not there, or not any more: the next one begins anew.</summary>
    public void Forget(EventNote note) => _known.Remove(note);

    private bool MaySpeak(EventSubject about, long now)
    {
        var (tokens, at) = _budgets.GetValueOrDefault(about, (Burst, now));
        tokens = Math.Min(Burst, tokens + (time.GetElapsedTime(at, now) / s_refill));
        _budgets[about] = (Math.Max(0, tokens - 1), now);
        return tokens >= 1;
    }

    // Both tables are as large as what happened lately. When that is too much, what is forgotten is merely told anew.
    private void Forget(long now)
    {
        if (Remembered < MostRemembered)
        {
            return;
        }

        foreach (var (note, known) in _known)
        {
            if (time.GetElapsedTime(known.At, now) > s_end)
            {
                _known.Remove(note);
            }
        }

        foreach (var (about, (tokens, at)) in _budgets)
        {
            if (tokens + (time.GetElapsedTime(at, now) / s_refill) >= Burst)
            {
                _budgets.Remove(about);
            }
        }

        if (Remembered >= MostRemembered)
        {
            _known.Clear();
            _budgets.Clear();
        }
    }

    /// <summary>An event that has happened.</summary>
    internal sealed class Known
    {
        /// <summary>How often.</summary>
        public int Count { get; set; }

        /// <summary>When last.</summary>
        public long At { get; set; }

        /// <summary>Name of the object that says so; empty before there is one.</summary>
        public string Name { get; set; } = "";
    }
}
