using System.Diagnostics;
using System.Runtime.CompilerServices;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// Tries backends in the order of the pick, at most so many times and for so long, before any byte was sent, and never
/// the same one twice. Shard thread only; one per session.
/// </summary>
internal sealed class Connector(SessionContext context, Service service, PolledSocket client) : WheelTimer
{
    // From here on an attempt is slow enough that watching the client meanwhile is worth its price.
    private const int SlowMs = 100;

    private readonly ServiceCounters _counters = service.Counters.Of(context.Shard.Index);
    private bool _reserved;
    private bool _expired;
    private bool _given;
    private bool _clientLeft;
    private long _expiresMs;
    private ClientWatch? _watch;
    private bool _isWatching;
    private List<Backend>? _failed;
    private Queue<int>? _lastResort;

    /// <summary>The backend that answered, acquired; or the last one tried, released.</summary>
    internal Backend? Backend { get; private set; }

    /// <summary>Who chose it, from the pool in force then.</summary>
    internal IScheduler? Scheduler { get; private set; }

    /// <summary>Its index in that pool.</summary>
    internal int Index { get; private set; }

    /// <summary>The connection to it; null until one is made.</summary>
    internal PolledSocket? Socket { get; private set; }

    /// <summary>The backend that was preferred had no room.</summary>
    internal bool PreferredWasFull { get; private set; }

    /// <summary>Backends tried.</summary>
    internal int Attempts { get; private set; }

    /// <summary>It ended because every backend that is left is full.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>
    /// Takes the next backend that has room. A full one does not count as tried: it may have room later. False when there
    /// is none; <see cref="IsFull"/> says whether waiting could help.
    /// </summary>
    /// <param name="pool">Who may serve.</param>
    /// <param name="pick">The order to go by.</param>
    /// <param name="preferred">Who comes before all in it; -1 for nobody.</param>
    /// <param name="waits">When that one is full, nobody else will do: the client waits for its own.</param>
    internal bool TryReserve(BackendPool pool, ref SchedulePick pick, int preferred, bool waits)
    {
        PreferredWasFull &= preferred < 0;
        IsFull = false;
        if (!_reserved)
        {
            var taken = Reservation.Take(pool, ref pick, preferred, waits, context.Shard.NowMs);
            (IsFull, PreferredWasFull, _reserved) = (taken.IsFull, PreferredWasFull || taken.PreferredWasFull, taken.Index >= 0);
            if (_reserved)
            {
                (Backend, Scheduler, Index) = (pool[taken.Index], pool.Scheduler, taken.Index);
            }
        }

        return _reserved;
    }

    /// <summary>Marks the backends that failed this session as tried in a new pick, made after a wait.</summary>
    internal void Exclude(BackendPool pool, ref SchedulePick pick, ref int preferred) =>
        Reservation.Exclude(_failed, pool, ref pick, ref preferred);

    /// <summary>
    /// Connects, to the backend that is reserved first if one is. Returns <see cref="CloseReason.None"/>, or why there is no
    /// connection.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<CloseReason> ConnectAsync(
        ServiceSnapshot snapshot, BackendPool pool, SchedulePick pick, int preferred, bool waits)
    {
        var shard = context.Shard;
        var deadline = shard.NowMs + snapshot.ConnectBudgetMs;
        var reason = CloseReason.NoBackend;
        _lastResort = null; // Of another pool, if there is any.
        if (client.IsWatched)
        {
            // It has waited in the queue, and the price is paid.
            WatchClient();
        }

        while (_reserved || (Attempts < snapshot.Spec.Timeouts.ConnectAttempts && shard.NowMs < deadline && !_given))
        {
            if (!TryReserve(pool, ref pick, preferred, waits) && !TryReserveLastResort(pool))
            {
                reason = Attempts == 0 && IsFull ? CloseReason.LimitReached : reason;
                break;
            }

            (preferred, _reserved) = (-1, false);
            var backend = Backend!;
            var begunAt = Stopwatch.GetTimestamp();
            var isLast = Attempts + 1 >= snapshot.Spec.Timeouts.ConnectAttempts
                || (_lastResort is null ? pick.Count >= pool.Count : _lastResort.Count == 0);
            var error = Begin(backend, TimeoutMs(snapshot, isLast, deadline - shard.NowMs));
            if (error == Errno.None)
            {
                await Socket!.Writable();
                error = Finish();
            }

            if (error == Errno.None || (error == Errno.ETIMEDOUT && !_given))
            {
                SessionSamples.Connected(Scheduler!, Index, begunAt, shard.NowMs);
            }

            if (error == Errno.None)
            {
                UnwatchClient();
                backend.Connects.AddSuccess();
                CountTime((long)Stopwatch.GetElapsedTime(begunAt).TotalMicroseconds);
                return CloseReason.None;
            }

            Socket?.Close();
            Socket = null;
            backend.Release();
            service.Queue.Offer();
            if (error is Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM)
            {
                // Want of our own: the next backend would need the same, and none of them is to blame.
                CountFailure();
                reason = CloseReason.ResourceExhausted;
                break;
            }

            // An attempt that we gave up says nothing of the backend.
            if (!_given)
            {
                CountFailure();
                reason = ReasonOf(error);
                if (reason != CloseReason.ResourceExhausted)
                {
                    backend.Connects.AddFailure();
                }

                (_failed ??= []).Add(backend);
                WatchClient();
            }
        }

        UnwatchClient();
        return _clientLeft ? CloseReason.ClientGone : reason;
    }

    /// <summary>Stops trying: somebody ended the session.</summary>
    internal void Abort()
    {
        _given = true;
        Socket?.Abort();
    }

    protected internal override void OnDue(long nowMs)
    {
        if (nowMs < _expiresMs)
        {
            WatchClient();
            context.Shard.Timers.Schedule(this, _expiresMs);
            return;
        }

        _expired = true;
        Socket?.Abort();
    }

    /// <summary>
    /// Takes one that health left out, once everybody else has failed this session, beginning anywhere: they are not to get all
    /// of them at one.
    /// </summary>
    private bool TryReserveLastResort(BackendPool pool)
    {
        if (_failed is null || IsFull || pool.LastResort is not { Length: > 0 } left)
        {
            return false;
        }

        if (_lastResort is null)
        {
            var first = Random.Shared.Next(left.Length);
            _lastResort = new([.. left[first..], .. left[..first]]);
        }

        while (_lastResort.TryDequeue(out var index))
        {
            if (!_failed.Contains(pool[index]) && pool[index].TryAcquire())
            {
                (Backend, Scheduler, Index) = (pool[index], pool.Scheduler, index);
                return true;
            }
        }

        return false;
    }

    /// <summary>From now on a client that leaves ends the attempts.</summary>
    private void WatchClient()
    {
        if (!_isWatching)
        {
            _isWatching = true;
            _watch ??= new ClientWatch(client, OnClientLeft);
            _watch.Begin();
        }
    }

    private void UnwatchClient()
    {
        if (_isWatching)
        {
            _isWatching = false;
            _watch!.End();
        }
    }

    private void OnClientLeft()
    {
        _clientLeft = true;
        Abort();
    }

    private void CountTime(long micros)
    {
        context.Counters.ConnectTimes.Add(micros);
        _counters.ConnectTimes.Add(micros);
    }

    private void CountFailure()
    {
        context.Counters.ConnectFailures++;
        _counters.ConnectFailures++;
    }

    private static CloseReason ReasonOf(Errno error) => error switch
    {
        Errno.ETIMEDOUT => CloseReason.ConnectTimeout,
        Errno.EADDRNOTAVAIL or Errno.EAGAIN => CloseReason.ResourceExhausted,
        _ => CloseReason.ConnectRefused,
    };

    /// <summary>
    /// Time for the next attempt. Giving up early pays only while there is somebody else to try: whoever is left has
    /// the rest of the budget, in which the kernel repeats a SYN that was lost (after 1 s, RFC 6298).
    /// </summary>
    private long TimeoutMs(ServiceSnapshot snapshot, bool isLast, long leftMs)
    {
        var timeouts = snapshot.ConnectTimeoutsMs;
        return isLast ? leftMs : Math.Min(timeouts[Math.Min(Attempts, timeouts.Length - 1)], leftMs);
    }

    private Errno Begin(Backend backend, long timeoutMs)
    {
        Attempts++;
        context.Counters.AddAttempt(Attempts);
        _counters.AddAttempt(Attempts);
        var connecting = SocketIo.Connect(backend.SocketAddress);
        if (!connecting.Succeeded)
        {
            return connecting.Error;
        }

        _expired = false;
        Socket = new PolledSocket(context.Shard, connecting.Value);
        var error = Socket.WatchConnect();
        if (error == Errno.None)
        {
            _expiresMs = context.Shard.NowMs + timeoutMs;
            context.Shard.Timers.Schedule(this, !_isWatching ? Math.Min(_expiresMs, context.Shard.NowMs + SlowMs) : _expiresMs);
        }

        return error;
    }

    private Errno Finish()
    {
        context.Shard.Timers.Cancel(this);
        return _expired || _given ? Errno.ETIMEDOUT : Socket!.ConnectError();
    }
}
