namespace L4Lb.Host.Running;

/// <summary>
/// Turns a burst of signals into one call, once they have been quiet for a while; but a burst that does not end is
/// not waited for longer than a bound. Thread-safe.
/// </summary>
internal sealed class Debouncer : IDisposable
{
    // Immutable.
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _quiet;
    private readonly TimeSpan _patience;
    private readonly ITimer _timer;

    // Under the lock.
    private long? _burstBegan;

    /// <summary>Calls <paramref name="action"/> when signals have been quiet for <paramref name="quiet"/>, at the
    /// latest <paramref name="patience"/> after the first of them.</summary>
    public Debouncer(TimeProvider time, TimeSpan quiet, TimeSpan patience, Action action)
    {
        _time = time;
        _quiet = quiet;
        _patience = patience;
        _timer = time.CreateTimer(
            _ =>
            {
                lock (_lock)
                {
                    _burstBegan = null;
                }

                action();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something happened.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            _burstBegan ??= _time.GetTimestamp();
            var left = _patience - _time.GetElapsedTime(_burstBegan.Value);
            _timer.Change(left < _quiet ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : _quiet, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
