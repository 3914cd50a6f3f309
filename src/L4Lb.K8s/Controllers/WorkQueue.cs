using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace L4Lb.K8s.Controllers;

/// <summary>
/// The keys that a controller has to look at. A key waits at most once, however often it is added; it is never with two
/// workers at once: what is added while it is worked on waits until that is done. The model is client-go's work queue.
/// Any thread may call.
/// </summary>
/// <param name="time">The clock of delays.</param>
/// <param name="jitter">Dice between 0 and 1 that spread retries.</param>
public sealed class WorkQueue<TKey>(TimeProvider time, Func<double> jitter)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Dictionary<TKey, (TimeSpan Due, ITimer Timer)> _delayed = [];
    private readonly RetryPace<TKey> _pace = new(time, jitter);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _epoch = time.GetTimestamp();
    private bool _closed;

    /// <summary>Queues a key unless it waits already.</summary>
    public void Add(TKey key)
    {
        lock (_lock)
        {
            if (!_closed && _dirty.Add(key) && !_processing.Contains(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }

    /// <summary>Queues a key after a while; of several delays of one key the one that ends first counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (_lock)
        {
            var due = time.GetElapsedTime(_epoch) + delay;
            if (_closed || (_delayed.TryGetValue(key, out var present) && present.Due <= due))
            {
                return;
            }

            present.Timer?.Dispose();
            _delayed[key] = (due, time.CreateTimer(_ => Fall(key, due), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>Queues a key that failed: after 5 ms, then twice as long each time up to 5 minutes, until it is forgotten.</summary>
    public void Retry(TKey key)
    {
        TimeSpan delay;
        lock (_lock)
        {
            delay = _pace.Next(key);
        }

        AddAfter(key, delay);
    }

    /// <summary>Ends the back-off of a key that succeeded.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            _pace.Forget(key);
        }
    }

    /// <summary>Times that a key was retried since it was forgotten.</summary>
    public int Retries(TKey key)
    {
        lock (_lock)
        {
            return _pace.Failures(key);
        }
    }

    /// <summary>
    /// Keys one by one until the queue is closed and drained. Whoever gets a key calls <see cref="Done"/> when finished
    /// with it, whatever came of it. Several workers may read at once.
    /// </summary>
    public async IAsyncEnumerable<TKey> ReadAllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await _ready.Reader.WaitToReadAsync(cancellation))
        {
            while (TryTake(out var key))
            {
                yield return key;
            }
        }
    }

    /// <summary>Gives a key back; it is queued again when it was added in the meantime.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            if (_processing.Remove(key) && _dirty.Contains(key))
            {
                _ready.Writer.TryWrite(key);
            }

            CompleteIfIdle();
        }
    }

    /// <summary>Takes no more keys and drops those that are delayed; completes when all that waited are done.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var (_, timer) in _delayed.Values)
            {
                timer.Dispose();
            }

            _delayed.Clear();
            CompleteIfIdle();
        }

        return _drained.Task;
    }

    private bool TryTake([MaybeNullWhen(false)] out TKey key)
    {
        lock (_lock)
        {
            if (!_ready.Reader.TryRead(out key))
            {
                return false;
            }

            _dirty.Remove(key);
            _processing.Add(key);
            return true;
        }
    }

    private void Fall(TKey key, TimeSpan due)
    {
        lock (_lock)
        {
            // A timer that was replaced may have fired already.
            if (!_delayed.TryGetValue(key, out var present) || present.Due != due)
            {
                return;
            }

            present.Timer.Dispose();
            _delayed.Remove(key);
        }

        Add(key);
    }

    // While a key is worked on it may have to be queued again: only then may readers be told that nothing comes.
    private void CompleteIfIdle()
    {
        if (!_closed || _processing.Count > 0)
        {
            return;
        }

        _ready.Writer.TryComplete();
        if (_dirty.Count == 0)
        {
            _drained.TrySetResult();
        }
    }
}
