namespace L4Lb.K8s.Leases;

/// <summary>A wait that ends in time, or at once when somebody rings. One waits; any thread rings.</summary>
internal sealed class Alarm : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private TaskCompletionSource? _waiting;
    private bool _rang;

    /// <summary>Waits by <paramref name="time"/>.</summary>
    public Alarm(TimeProvider time) => _timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Ends the wait; when nobody waits, the next one.</summary>
    public void Ring()
    {
        lock (_lock)
        {
            _rang = true;
            _waiting?.TrySetResult();
        }
    }

    /// <summary>Waits.</summary>
    public async Task WaitAsync(TimeSpan duration, CancellationToken cancellation)
    {
        Task rings;
        lock (_lock)
        {
            if (_rang || duration <= TimeSpan.Zero)
            {
                _rang = false;
                return;
            }

            _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            rings = _waiting.Task;
            _timer.Change(duration, Timeout.InfiniteTimeSpan);
        }

        try
        {
            await rings.WaitAsync(cancellation);
        }
        finally
        {
            lock (_lock)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                (_waiting, _rang) = (null, false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
