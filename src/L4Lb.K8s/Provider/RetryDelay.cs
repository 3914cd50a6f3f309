using L4Lb.K8s.Client;

namespace L4Lb.K8s.Provider;

/// <summary>
/// How long to wait after failures: twice as long each time, from 5 s to 5 min as the service controller does; while the server
/// is merely away, no longer than half a minute, so that all is well soon after it is back. Any thread.
/// </summary>
internal sealed class RetryDelay<TKey>
    where TKey : notnull
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longestAway = TimeSpan.FromSeconds(30);

    private readonly Dictionary<TKey, int> _failures = [];
    private readonly Lock _lock = new();

    /// <summary>Counts a failure.</summary>
    public TimeSpan Next(TKey key, ApiStatus status)
    {
        int failures;
        lock (_lock)
        {
            failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
        }

        var isAway = status.IsUnreachable || status.Code is 429 or >= 500;
        var longest = isAway ? s_longestAway : s_longest;
        var delay = TimeSpan.FromSeconds(Math.Min(longest.TotalSeconds, s_first.TotalSeconds * Math.Pow(2, failures)));
        return status.RetryAfter > delay ? status.RetryAfter.Value : delay;
    }

    /// <summary>It went well.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            _failures.Remove(key);
        }
    }
}
