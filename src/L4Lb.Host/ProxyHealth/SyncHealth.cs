namespace L4Lb.Host.ProxyHealth;

/// <summary>
/// Judges the proxy by kube-proxy's rules: it is well as long as no change waits for more than two of kube-proxy's sync periods,
/// and before the first change; the node is eligible until it is known not to be. Any thread.
/// </summary>
internal sealed class SyncHealth(TimeProvider time) : IProxyHealth
{
    private static readonly TimeSpan s_overdue = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset? _lastSync;
    private long? _waitingSince;

    /// <inheritdoc/>
    public DateTimeOffset? LastSync
    {
        get
        {
            lock (_lock)
            {
                return _lastSync;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsSyncOverdue
    {
        get
        {
            lock (_lock)
            {
                return _waitingSince is { } since && time.GetElapsedTime(since) >= s_overdue;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsNodeEligible { get; set; } = true;

    /// <summary>There is a change to put in force.</summary>
    public void Queued()
    {
        lock (_lock)
        {
            _waitingSince ??= time.GetTimestamp();
        }
    }

    /// <summary>Everything that was queued is in force.</summary>
    public void Synced()
    {
        lock (_lock)
        {
            _waitingSince = null;
            _lastSync = time.GetUtcNow();
        }
    }
}
