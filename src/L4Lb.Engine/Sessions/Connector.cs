using System.Runtime.CompilerServices;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// Tries backends in the order of the pick, at most so many times and for so long, before any byte was sent, and never
/// the same one twice. Shard thread only; one per session.
/// </summary>
internal sealed class Connector(SessionContext context) : WheelTimer
{
    private bool _expired;
    private bool _given;

    /// <summary>The backend that answered, acquired; or the last one tried, released.</summary>
    internal Backend? Backend { get; private set; }

    /// <summary>The connection to it; null until one is made.</summary>
    internal PolledSocket? Socket { get; private set; }

    /// <summary>The backend that was preferred had no room.</summary>
    internal bool PreferredWasFull { get; private set; }

    /// <summary>Backends tried.</summary>
    internal int Attempts { get; private set; }

    /// <summary>Connects; returns <see cref="CloseReason.None"/>, or why there is no connection.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<CloseReason> ConnectAsync(ServiceSnapshot snapshot, BackendPool pool, SchedulePick pick, int preferred)
    {
        var shard = context.Shard;
        var deadline = shard.NowMs + snapshot.ConnectBudgetMs;
        var reason = CloseReason.NoBackend;
        while (Attempts < snapshot.Spec.Timeouts.ConnectAttempts && shard.NowMs < deadline && !_given)
        {
            var index = preferred;
            if (index < 0 && !pick.MoveNext(shard.NowMs, out index))
            {
                break;
            }

            var wasPreferred = index == preferred;
            preferred = -1;
            var backend = pool[index];
            if (!backend.TryAcquire())
            {
                PreferredWasFull |= wasPreferred;
                reason = Attempts == 0 ? CloseReason.LimitReached : reason;
                continue;
            }

            Backend = backend;
            var isLast = pick.Count >= pool.Count || Attempts + 1 >= snapshot.Spec.Timeouts.ConnectAttempts;
            var error = Begin(backend, TimeoutMs(snapshot, isLast, deadline - shard.NowMs));
            if (error == Errno.None)
            {
                await Socket!.Writable();
                error = Finish();
            }

            if (error == Errno.None)
            {
                return CloseReason.None;
            }

            Socket?.Close();
            Socket = null;
            backend.Release();
            if (error is Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM)
            {
                // Want of our own: the next backend would need the same, and none of them is to blame.
                context.Counters.ConnectFailures++;
                return CloseReason.ResourceExhausted;
            }

            // An attempt that we gave up says nothing of the backend.
            if (!_given)
            {
                backend.CountConnectFailure();
                context.Counters.ConnectFailures++;
                reason = ReasonOf(error);
            }
        }

        return reason;
    }

    /// <summary>Stops trying: somebody ended the session.</summary>
    internal void Abort()
    {
        _given = true;
        Socket?.Abort();
    }

    protected internal override void OnDue(long nowMs)
    {
        _expired = true;
        Socket?.Abort();
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
        context.Counters.ConnectAttempts++;
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
            context.Shard.Timers.Schedule(this, context.Shard.NowMs + timeoutMs);
        }

        return error;
    }

    private Errno Finish()
    {
        context.Shard.Timers.Cancel(this);
        return _expired || _given ? Errno.ETIMEDOUT : Socket!.ConnectError();
    }
}
