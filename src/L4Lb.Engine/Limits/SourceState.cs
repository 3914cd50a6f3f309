namespace L4Lb.Engine.Limits;

/// <summary>
/// What is remembered of one source. The sliding window is approximated by two fixed ones, as in HAProxy (its management
/// of frequency counters, include/haproxy/freq_ctr.h): sessions of the last window count for the part of it that the
/// sliding one still covers. It needs two counts whatever the bound, never lets more than the bound into one fixed
/// window, and is exact for a source whose sessions are spread evenly. A mutable struct.
/// </summary>
internal struct SourceState
{
    private long _windowStartMs;
    private int _newNow;
    private int _newBefore;

    /// <summary>Sessions open now.</summary>
    internal int Open;

    /// <summary>Refused altogether until then.</summary>
    internal long DeniedUntilMs;

    /// <summary>When it was last seen.</summary>
    internal long SeenMs;

    /// <summary>A source that is seen for the first time.</summary>
    internal SourceState(long nowMs) => SeenMs = _windowStartMs = nowMs;

    /// <summary>
    /// Counts one new session in, or refuses it. A refused one does not count, so that a source which keeps trying is
    /// let in at its rate.
    /// </summary>
    internal bool TryEnter(SourceLimits limits, long nowMs)
    {
        // Shards read the clock at their own moments.
        SeenMs = nowMs = Math.Max(nowMs, SeenMs);
        if (nowMs < DeniedUntilMs)
        {
            return false;
        }

        Slide(limits.PeriodMs, nowMs);
        if ((limits.MaxSessions > 0 && Open >= limits.MaxSessions) || IsTooFast(limits, nowMs))
        {
            DeniedUntilMs = nowMs + limits.DenyForMs;
            return false;
        }

        Open++;
        _newNow++;
        return true;
    }

    /// <summary>Nothing of it matters any more.</summary>
    internal readonly bool IsStale(SourceLimits limits, long nowMs) =>
        Open == 0 && nowMs >= DeniedUntilMs && nowMs - _windowStartMs >= 2 * limits.PeriodMs;

    private void Slide(long periodMs, long nowMs)
    {
        var elapsedMs = nowMs - _windowStartMs;
        if (elapsedMs >= 2 * periodMs)
        {
            (_windowStartMs, _newBefore, _newNow) = (nowMs, 0, 0);
        }
        else if (elapsedMs >= periodMs)
        {
            (_windowStartMs, _newBefore, _newNow) = (_windowStartMs + periodMs, _newNow, 0);
        }
    }

    private readonly bool IsTooFast(SourceLimits limits, long nowMs)
    {
        var (most, periodMs) = (limits.MaxNewSessions, limits.PeriodMs);
        var leftMs = periodMs - (nowMs - _windowStartMs);

        // A part of a session does not count, else one in each window would be refused every other time.
        return most > 0 && (long)((Int128)_newBefore * leftMs / periodMs) + _newNow >= most;
    }
}
