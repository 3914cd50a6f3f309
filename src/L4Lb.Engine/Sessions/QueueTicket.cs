using System.Diagnostics;
using System.Runtime.CompilerServices;
using L4Lb.Engine.Limits;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// A session's waiting for room: joins the queue, gets its turns on its own shard wherever the room came from, and gives
/// up when the time is over or the client has left. A session that must wait again, because a connect failed and the
/// other backends are full, goes to the end, and its time goes on. Shard thread only; one per session that waits.
/// </summary>
/// <param name="context">The shard.</param>
/// <param name="queue">Where to wait.</param>
/// <param name="client">The client's socket.</param>
/// <param name="tryStart">
/// Looks for room: <see cref="CloseReason.None"/> when it is taken, <see cref="CloseReason.LimitReached"/> when there is
/// none, else why waiting is no use any more. Also says whether there is room that others could use.
/// </param>
internal sealed class QueueTicket(
    SessionContext context, WaitQueue queue, PolledSocket client, Func<(CloseReason Reason, bool Passes)> tryStart)
    : WheelTimer, ICriticalNotifyCompletion
{
    private Place? _place;
    private ClientWatch? _watch;
    private Action? _continuation;
    private CloseReason _outcome;
    private long _began;

    /// <summary>Rank in the queue when it first joined, from 1; null when it was full.</summary>
    internal int? Position { get; private set; }

    /// <summary>Time spent waiting, in all.</summary>
    internal TimeSpan Waited { get; private set; }

    /// <summary>What the room was found with, to be connected by.</summary>
    internal (BackendPool Pool, SchedulePick Pick) Found { get; set; }

    /// <summary>The wait is over.</summary>
    public bool IsCompleted => _place is null;

    /// <summary>
    /// Joins the queue. Await the result: <see cref="CloseReason.None"/> when there is room, and it is taken.
    /// </summary>
    internal QueueTicket Wait(int length, TimeSpan timeout)
    {
        var place = new Place(this);
        if (!queue.TryJoin(place, length, out var position))
        {
            _outcome = CloseReason.QueueFull;
            return this;
        }

        (_place, _began) = (place, Stopwatch.GetTimestamp());
        Position ??= position;
        context.Shard.Timers.Schedule(this, context.Shard.NowMs + (long)Math.Ceiling((timeout - Waited).TotalMilliseconds));
        _watch ??= new ClientWatch(client, () => End(CloseReason.ClientGone));
        _watch.Begin();
        return this;
    }

    /// <summary>Gives up.</summary>
    internal void Abort(CloseReason reason) => End(reason);

    public QueueTicket GetAwaiter() => this;

    public CloseReason GetResult() => _outcome;

    public void OnCompleted(Action continuation) => _continuation = continuation;

    public void UnsafeOnCompleted(Action continuation) => _continuation = continuation;

    protected internal override void OnDue(long nowMs) => End(CloseReason.QueueTimeout);

    private void TakeTurn(Place place)
    {
        if (place != _place)
        {
            // It was given up meanwhile, and its turn with it.
            return;
        }

        var (reason, passes) = (CloseReason.InternalError, false);
        try
        {
            (reason, passes) = tryStart();
        }
        catch (Exception e)
        {
            Debug.Fail(e.ToString());
        }

        if (reason == CloseReason.LimitReached)
        {
            queue.Yield(place, passes);
        }
        else
        {
            End(reason);
        }
    }

    private void End(CloseReason outcome)
    {
        if (_place is not { } place)
        {
            return;
        }

        _place = null;
        _outcome = outcome;
        queue.Leave(place);
        _watch!.End();
        context.Shard.Timers.Cancel(this);
        Waited += Stopwatch.GetElapsedTime(_began);
        var continuation = _continuation!;
        _continuation = null;
        continuation();
    }

    /// <summary>Its place in the queue for one wait; whoever has it is called on the shard.</summary>
    private sealed class Place(QueueTicket ticket) : QueuePlace
    {
        internal override void OnTurn() => ticket.Shard.Post(
            static state =>
            {
                var place = (Place)state!;
                place.Ticket.TakeTurn(place);
            },
            this);

        private QueueTicket Ticket => ticket;
    }

    private Shard Shard => context.Shard;
}
