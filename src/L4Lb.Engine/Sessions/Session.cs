using System.Diagnostics;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>One client connection from accept to close; read <see cref="RunAsync"/> top to bottom. Shard thread only.</summary>
internal sealed class Session : WheelTimer
{
    private static long s_lastId;

    // Immutable.
    private readonly SessionContext _context;
    private readonly ListenerTarget _target;
    private readonly PolledSocket _client;
    private readonly FlowKey _flow;
    private readonly Connector _connector;
    private readonly DateTime _accepted = DateTime.UtcNow;
    private readonly long _acceptedAt = Stopwatch.GetTimestamp();

    // Shard thread only.
    private ServiceSnapshot? _snapshot;
    private AffinityChoice _affinity;
    private Relay? _relay;
    private CloseReason _aborted;
    private long _drainAtMs = long.MaxValue;
    private TimeSpan? _connectTime;

    internal Session(SessionContext context, ListenerTarget target, int client, in FlowKey flow)
    {
        _context = context;
        _target = target;
        _client = new PolledSocket(context.Shard, client);
        _flow = flow;
        _connector = new Connector(context);
    }

    internal Session? NextSession { get; set; }

    internal Session? PreviousSession { get; set; }

    internal long Id { get; } = Interlocked.Increment(ref s_lastId);

    /// <summary>The backend that it holds or last tried.</summary>
    internal Backend? Backend => _connector.Backend;

    internal long NowMs => _context.Shard.NowMs;

    /// <summary>
    /// Accepted → admitted → snapshot read → affinity or schedule → connected with retry → relayed → closed → recorded.
    /// Completes on the shard's thread; never throws.
    /// </summary>
    internal async Task RunAsync()
    {
        _context.Sessions.Add(this);
        var service = _target.Service;
        var snapshot = _snapshot = service.Snapshot;
        var pool = snapshot.PoolFor(_target.Listen.Scope);
        var entered = false;
        CloseReason reason;
        try
        {
            reason = _target.Refuses(_flow.Client) ? CloseReason.SourceDenied
                : pool.IsEmpty ? CloseReason.NoBackend
                : (entered = service.TryEnter(snapshot.Spec.Limits.MaxSessions)) ? CloseReason.None
                : CloseReason.LimitReached;
            if (reason == CloseReason.None)
            {
                var pick = new SchedulePick(pool.Scheduler, _flow);
                _affinity = AffinityChoice.Make(snapshot, pool, _flow, ref pick, NowMs);
                reason = await _connector.ConnectAsync(snapshot, pool, pick, _affinity.Preferred);
            }

            if (_aborted != CloseReason.None)
            {
                reason = _aborted;
            }
            else if (reason == CloseReason.None)
            {
                _connectTime = Stopwatch.GetElapsedTime(_acceptedAt);
                _affinity.Settle(snapshot, _flow, Backend!, _connector.PreferredWasFull, NowMs);
                _relay = new Relay(_context.Relaying, _client, _connector.Socket!);
                if (Backend!.IsRemoved && _drainAtMs == long.MaxValue)
                {
                    // Removed while this session was on its way to it, which those who drain its sessions did not see.
                    _drainAtMs = NowMs + snapshot.DrainMs;
                }

                _context.Shard.Timers.Schedule(this, NextCheckMs());
                reason = ReasonOf(await _relay.RunAsync());
            }
        }
        catch (Exception e)
        {
            Debug.Fail(e.ToString());
            reason = CloseReason.InternalError;
            _relay?.Abort();
        }

        _context.Shard.Timers.Cancel(this);
        Close(reason);
        if (_connectTime is not null)
        {
            Backend!.Release();
        }

        if (entered)
        {
            service.Leave();
        }

        _context.Admission.Leave();
        _context.Sessions.Remove(this);

        // Last, so that whoever reads the record finds the counts without this session, and so that a log that throws
        // after all leaves nothing behind.
        Record(reason);
    }

    /// <summary>It has come over from the shard that accepted it.</summary>
    internal void Arrived() => _context.Sessions.Arrived();

    /// <summary>Ends the session from outside, with <paramref name="reason"/>.</summary>
    internal void Abort(CloseReason reason)
    {
        if (_aborted == CloseReason.None)
        {
            _aborted = reason;

            // Never both: they share the backend's socket, and a relay that sees it aborted without having been told
            // why takes itself for completed.
            if (_relay is null)
            {
                _connector.Abort();
            }
            else
            {
                _relay.Abort();
            }
        }
    }

    /// <summary>Its backend is no longer wanted: it may go on until <paramref name="deadlineMs"/>.</summary>
    internal void DrainBy(long deadlineMs)
    {
        _drainAtMs = deadlineMs;
        if (_relay is not null)
        {
            _context.Shard.Timers.Schedule(this, NextCheckMs());
        }
    }

    protected internal override void OnDue(long nowMs)
    {
        if (nowMs >= _drainAtMs)
        {
            if (Backend!.IsRemoved)
            {
                Abort(CloseReason.Drained);
                return;
            }

            _drainAtMs = long.MaxValue;
        }

        var snapshot = _snapshot!;
        var silentMs = nowMs - _relay!.LastActivityMs;
        if (_relay.IsHalfClosed && silentMs >= snapshot.HalfCloseMs)
        {
            Abort(CloseReason.HalfCloseTimeout);
        }
        else if (silentMs >= snapshot.IdleMs)
        {
            Abort(CloseReason.IdleTimeout);
        }
        else
        {
            _context.Shard.Timers.Schedule(this, NextCheckMs());
        }
    }

    /// <summary>
    /// When the timer looks next. Relayed bytes do not touch the timer; it looks at least once per half-close timeout,
    /// since a FIN does not touch it either, and finds out then how long the silence really was.
    /// </summary>
    private long NextCheckMs()
    {
        var snapshot = _snapshot!;
        var last = _relay!.LastActivityMs;
        var halfClose = _relay.IsHalfClosed ? last + snapshot.HalfCloseMs : NowMs + snapshot.HalfCloseMs;
        return Math.Min(_drainAtMs, Math.Min(last + snapshot.IdleMs, halfClose));
    }

    private CloseReason ReasonOf(RelayOutcome outcome) => outcome switch
    {
        RelayOutcome.Completed => CloseReason.Completed,
        RelayOutcome.ClientReset => CloseReason.ClientReset,
        RelayOutcome.BackendReset => CloseReason.BackendReset,
        _ => _aborted == CloseReason.None ? CloseReason.ResourceExhausted : _aborted,
    };

    /// <summary>
    /// Closes both sockets: in order when everything was handed over, else with RST, because a FIN after half an answer
    /// would tell the client that it was the whole.
    /// </summary>
    private void Close(CloseReason reason)
    {
        var orderly = reason == CloseReason.Completed || (reason == CloseReason.IdleTimeout && !_relay!.HoldsBytes);
        if (orderly)
        {
            _client.Close();
            _connector.Socket?.Close();
        }
        else
        {
            _client.Reset();
            _connector.Socket?.Reset();
        }
    }

    private void Record(CloseReason reason)
    {
        _context.Counters.AddClosed((int)reason);
        _context.Log?.Closed(new SessionRecord
        {
            Id = Id,
            Accepted = _accepted,
            Service = _target.Service.Key,
            Client = _flow.Client,
            Listen = _flow.Listen,
            Backend = Backend?.Address,
            Attempts = _connector.Attempts,
            ConnectTime = _connectTime,
            TotalTime = Stopwatch.GetElapsedTime(_acceptedAt),
            BytesFromClient = _relay?.BytesFromClient ?? 0,
            BytesFromBackend = _relay?.BytesFromBackend ?? 0,
            Reason = reason,
            Shard = _context.Shard.Index,
        });
    }
}
