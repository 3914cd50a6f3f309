namespace L4Lb.K8s.Informers;

/// <summary>
/// How long to leave a server alone that fails: twice as long after each failure up to half a minute, as long as it asks for, and
/// from the beginning again once it was well for a minute. Dice spread many clients of one server. Not safe for several threads.
/// </summary>
/// <param name="time">Clock of the healthy period.</param>
/// <param name="dice">Dice between 0 and 1: each pause is lengthened by up to a half.</param>
internal sealed class Backoff(TimeProvider time, Func<double> dice)
{
    private const double MaxJitter = 0.5;
    private const int MaxDoublings = 20;

    // Short at first: an API server that restarts behind a load balancer is back at once.
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_healthy = TimeSpan.FromMinutes(1);

    // A server may ask for more than our own longest pause, but not for a copy that is stale for the rest of the day.
    private static readonly TimeSpan s_longestAsked = TimeSpan.FromMinutes(5);

    private int _failures;
    private long _paused = time.GetTimestamp();
    private TimeSpan _pause;

    /// <summary>Counts a failure and returns the pause that is to follow it.</summary>
    /// <param name="retryAfter">What the server asked for, if it did: the pause is not shorter.</param>
    public TimeSpan Next(TimeSpan? retryAfter = null)
    {
        // What lies between the end of the last pause and this failure went well.
        if (time.GetElapsedTime(_paused) - _pause >= s_healthy)
        {
            _failures = 0;
        }

        var own = s_first * Math.Pow(2, Math.Min(_failures++, MaxDoublings));
        var pause = own < s_longest ? own : s_longest;
        if (retryAfter is { } asked && asked > pause)
        {
            pause = asked < s_longestAsked ? asked : s_longestAsked;
        }

        _paused = time.GetTimestamp();
        return _pause = pause * (1 + (MaxJitter * dice()));
    }
}
