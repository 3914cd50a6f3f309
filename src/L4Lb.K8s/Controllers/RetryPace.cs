namespace L4Lb.K8s.Controllers;

/// <summary>
/// How long a key waits for its next try: twice as long after each failure, and all keys together no more often than a
/// token bucket lets them. The model is the default limiter of client-go's work queue. Not safe for several threads.
/// </summary>
/// <param name="time">The clock of the bucket.</param>
/// <param name="jitter">Dice between 0 and 1: each back-off is lengthened by up to a fifth, so that keys drift apart.</param>
internal sealed class RetryPace<TKey>(TimeProvider time, Func<double> jitter)
    where TKey : notnull
{
    private const double TriesPerSecond = 10;
    private const double Burst = 100;
    private const double MaxJitter = 0.2;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    private readonly Dictionary<TKey, int> _failures = [];
    private double _tokens = Burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Failures of a key since it was forgotten.</summary>
    public int Failures(TKey key) => _failures.GetValueOrDefault(key);

    /// <summary>A key succeeded: its next failure is the first one.</summary>
    public void Forget(TKey key) => _failures.Remove(key);

    /// <summary>Counts a failure and takes a token, in advance when there is none left.</summary>
    public TimeSpan Next(TKey key)
    {
        var backoff = Backoff(key);
        var turn = Turn();
        return backoff > turn ? backoff : turn;
    }

    private TimeSpan Backoff(TKey key)
    {
        var failures = _failures.GetValueOrDefault(key);
        _failures[key] = failures + 1;
        var seconds = s_first.TotalSeconds * Math.Pow(2, failures) * (1 + (MaxJitter * jitter()));
        return TimeSpan.FromSeconds(Math.Min(seconds, s_longest.TotalSeconds));
    }

    private TimeSpan Turn()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (TriesPerSecond * time.GetElapsedTime(_filledAt, now).TotalSeconds)) - 1;
        _filledAt = now;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / TriesPerSecond);
    }
}
