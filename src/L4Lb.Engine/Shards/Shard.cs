using System.Collections.Concurrent;

namespace L4Lb.Engine.Shards;

/// <summary>
/// One thread with one event loop. Everything that belongs to a session happens here, so nothing of it is locked;
/// other threads speak to it by <see cref="Post"/> alone.
/// </summary>
internal sealed class Shard : IShardClock, IDisposable
{
    // Immutable.
    private readonly Thread _thread;
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _posted = new();

    // Shard thread only.
    private Queue<Action> _yielded = new();
    private Queue<Action> _resuming = new();

    // Any thread (Interlocked).
    private int _asleep;
    private volatile bool _stopping;

    internal Shard(int index, string name = "l4lb-shard")
    {
        Index = index;
        NowMs = Environment.TickCount64;
        Timers = new TimerWheel(NowMs);
        _thread = new Thread(Run) { Name = $"{name}-{index}", IsBackground = true };
    }

    /// <summary>Zero-based number.</summary>
    internal int Index { get; }

    /// <summary>Shard thread only.</summary>
    internal EpollPoller Poller { get; } = new();

    /// <summary>Shard thread only.</summary>
    internal TimerWheel Timers { get; }

    /// <summary>Monotonic milliseconds, read once per turn of the loop. Shard thread only.</summary>
    public long NowMs { get; private set; }

    /// <summary>Called when all events of a turn were told: what was only gathered from them can be done now. Shard thread only.</summary>
    internal event Action? Dispatched;

    /// <summary>Started and not yet ended.</summary>
    internal bool IsRunning => _thread.IsAlive;

    /// <summary>Starts the loop, without the caller's execution context: every continuation would restore it.</summary>
    internal void Start() => _thread.UnsafeStart();

    /// <summary>Runs <paramref name="action"/> on the shard's thread soon. Any thread.</summary>
    internal void Post(Action<object?> action, object? state)
    {
        _posted.Enqueue((action, state));

        // Pairs with the exchange in Run: either the loop sees the item before it sleeps, or we see that it sleeps.
        if (Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            Poller.WakeUp();
        }
    }

    /// <summary>Runs <paramref name="action"/> on the shard's thread and completes when it has. Any thread but the shard's.</summary>
    internal Task RunAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            static state =>
            {
                var (work, completion) = ((Action, TaskCompletionSource))state!;
                try
                {
                    work();
                    completion.SetResult();
                }
                catch (Exception e)
                {
                    completion.SetException(e);
                }
            },
            (action, done));
        return done.Task;
    }

    /// <summary>Lets everybody else have a turn before the caller goes on. Shard thread only.</summary>
    internal YieldAwaiter Yield() => new(this);

    internal void EnqueueYielded(Action continuation) => _yielded.Enqueue(continuation);

    /// <summary>Ends the loop and waits for it.</summary>
    public void Dispose()
    {
        _stopping = true;
        Poller.WakeUp();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        Poller.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                Turn();
            }
        }
        catch (Exception e)
        {
            // Sessions handle their own errors; what arrives here has broken the loop's invariants for all of them.
            Environment.FailFast($"{_thread.Name} failed", e);
        }
    }

    private void Turn()
    {
        var timeout = _yielded.Count > 0 ? 0 : Timers.NextDueMs(NowMs);
        Interlocked.Exchange(ref _asleep, 1);
        var count = Poller.Wait(_posted.IsEmpty ? timeout : 0);
        Volatile.Write(ref _asleep, 0);

        NowMs = Environment.TickCount64;
        Poller.Dispatch(count);
        RunYielded();
        Dispatched?.Invoke();
        RunPosted();
        Timers.Advance(NowMs);
    }

    private void RunPosted()
    {
        // What is posted meanwhile waits for the next turn, so that a burst cannot starve the sockets.
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var item); left--)
        {
            item.Action(item.State);
        }
    }

    private void RunYielded()
    {
        if (_yielded.Count == 0)
        {
            return;
        }

        (_yielded, _resuming) = (_resuming, _yielded);
        while (_resuming.TryDequeue(out var continuation))
        {
            continuation();
        }
    }
}
