using System.Diagnostics;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>One client connection from accept to close; read <see cref="RunAsync"/> top to bottom. Shard thread only.</summary>
internal sealed partial class Session : WheelTimer, IOpen<Session>
{
    // Immutable.
    private readonly SessionContext _context;
    private readonly ListenerTarget _target;
    private readonly PolledSocket _client;
    private readonly Connector _connector;
    private readonly DateTime _accepted = DateTime.UtcNow;
    private readonly long _acceptedAt = Stopwatch.GetTimestamp();

    // Shard thread only.
    private FlowKey _flow;
    private ServiceSnapshot? _snapshot;
    private Entrance _entrance;
    private QueueTicket? _ticket;
    private ProxyHeaderReader? _proxyHeader;
    private AffinityChoice _affinity;
    private Relay? _relay;
    private SessionSamples? _samples;
    private CloseReason _aborted;
    private long _drainAtMs = long.MaxValue;
    private long _resetAtMs = long.MaxValue;
    private TimeSpan? _connectTime;

    internal Session(SessionContext context, ListenerTarget target, int client, in FlowKey flow)
    {
        _context = context;
        _target = target;
        _client = new PolledSocket(context.Shard, client);
        _flow = flow;
        _connector = new Connector(context, target.Service, _client);
    }

    /// <inheritdoc/>
    public Session? Older { get; set; }

    /// <inheritdoc/>
    public Session? Newer { get; set; }

    internal long Id { get; } = SessionId.Next();

    /// <summary>The backend that it holds or last tried.</summary>
    internal Backend? Backend => _connector.Backend;

    internal long NowMs => _context.Shard.NowMs;

    private int Shard => _context.Shard.Index;

    /// <summary>
    /// Accepted → snapshot read → PROXY header read → admitted → affinity or schedule → connected with retry, in the queue
    /// while there is no room → relayed → closed → recorded. Completes on the shard's thread; never throws.
    /// </summary>
    internal async Task RunAsync()
    {
        _context.Sessions.Add(this);
        var service = _target.Service;
        var snapshot = _snapshot = service.Snapshot;
        var pool = snapshot.PoolFor(_target.Listen.Scope);
        var reason = CloseReason.None;
        try
        {
            if (snapshot.ProxyProtocol is { } rules && rules.Expects(_flow.Client))
            {
                _proxyHeader = new ProxyHeaderReader(_context.Shard, _client, _flow.Client);
                reason = await _proxyHeader.ReadAsync(NowMs + rules.HeaderTimeoutMs);
                _flow = _flow with { Client = _proxyHeader.Client };

                // That may have taken seconds, in which the backends may have changed.
                snapshot = _snapshot = service.Snapshot;
                pool = snapshot.PoolFor(_target.Listen.Scope);
            }

            if (reason == CloseReason.None)
            {
                reason = _target.Refuses(_flow.Client) ? CloseReason.SourceDenied
                    : !_entrance.TryPassSource(service, _flow.Client, NowMs) ? CloseReason.SourceLimited
                    : pool.IsEmpty ? CloseReason.NoBackend
                    : MustQueue || !_entrance.TryEnter(service, snapshot) ? CloseReason.LimitReached
                    : CloseReason.None;
            }

            if (reason == CloseReason.None)
            {
                var pick = new SchedulePick(pool.Scheduler, _flow);
                _affinity = AffinityChoice.Make(snapshot, pool, _flow, ref pick, NowMs);
                reason = await _connector.ConnectAsync(snapshot, pool, pick, _affinity.Preferred, WaitsForItsOwn);
            }

            if (MayQueue(reason))
            {
                reason = await QueueAsync();
            }

            if (_aborted != CloseReason.None)
            {
                reason = _aborted;
            }
            else if (reason == CloseReason.None)
            {
                _connectTime = Stopwatch.GetElapsedTime(_acceptedAt);
                snapshot = _snapshot;
                _affinity.Settle(snapshot, _flow, Backend!, _connector.PreferredWasFull, NowMs);
                _samples = SessionSamples.For(_connector.Scheduler!, _connector.Index, _context.Shard);
                _relay = new Relay(
                    _context.Relaying, _client, _connector.Socket!, service.Counters.Of(Shard), Backend!.Traffic.Of(Shard), _samples);
                if ((Backend!.IsRemoved || !IsOffered) && _drainAtMs == long.MaxValue)
                {
                    // Removed while this session was on its way, which those who drain sessions did not see.
                    _drainAtMs = NowMs + snapshot.DrainMs;
                }

                _context.Shard.Timers.Schedule(this, NextCheckMs());
                if (snapshot.ProxyProtocol is not null || _proxyHeader is not null)
                {
                    ProxyHandover.Begin(_relay, _context.Relaying.Buffers, snapshot.ProxyProtocol, _flow, _proxyHeader);
                }

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
        _samples?.End();
        _proxyHeader?.Close();
        Close(reason);
        if (_connectTime is not null)
        {
            Backend!.Release();
        }

        _entrance.LeaveAll(service);
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
                _proxyHeader?.Abort();
                _connector.Abort();
                _ticket?.Abort(reason);
            }
            else
            {
                _relay.Abort();
            }
        }
    }

    /// <summary>Whether it came to <paramref name="service"/> by that address.</summary>
    internal bool IsOf(Service service, in AddressKey listen) => _target.Service == service && _target.Address == listen;

    /// <summary>Its backend, or the address that it came by, is no longer wanted: it may go on until <paramref name="deadlineMs"/>.</summary>
    internal void DrainBy(long deadlineMs)
    {
        _drainAtMs = deadlineMs;
        if (_relay is not null)
        {
            _context.Shard.Timers.Schedule(this, NextCheckMs());
        }
    }

    /// <summary>Its backend went down: unless that has changed by then, it ends at <paramref name="timeMs"/>.</summary>
    internal void ResetBy(long timeMs)
    {
        _resetAtMs = timeMs;
        if (_relay is not null)
        {
            _context.Shard.Timers.Schedule(this, NextCheckMs());
        }
    }

    protected internal override void OnDue(long nowMs)
    {
        if (nowMs >= _resetAtMs)
        {
            if (Backend!.Health.IsDown)
            {
                Abort(CloseReason.BackendDown);
                return;
            }

            _resetAtMs = long.MaxValue;
        }

        if (nowMs >= _drainAtMs)
        {
            if (Backend!.IsRemoved || !IsOffered)
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
        return Math.Min(Math.Min(_drainAtMs, _resetAtMs), Math.Min(last + snapshot.IdleMs, halfClose));
    }

    /// <summary>Whether the address that it came by is still one of its service's, or is once more.</summary>
    private bool IsOffered => _target.Service.IsOfferedAt(_target.Listen);

    /// <summary>Somebody waits already: a newcomer goes behind them, although there may be room by now.</summary>
    private bool MustQueue => _target.Service.Queue.Count > 0 && _snapshot!.Spec.Limits.QueueLength > 0;

    /// <summary>A client that keeps a backend waits for that one while it is full, as in HAProxy, where there is a queue.</summary>
    private bool WaitsForItsOwn => _affinity.IsKept && _snapshot!.Spec.Limits.QueueLength > 0;

    /// <summary>What was tried came to an end for want of room, and waiting for it is allowed.</summary>
    private bool MayQueue(CloseReason reason) =>
        _snapshot!.Spec.Limits.QueueLength > 0 && _aborted == CloseReason.None
        && (reason == CloseReason.LimitReached || (_connector.IsFull && reason != CloseReason.ClientGone));

    /// <summary>Waits for room, holding nothing meanwhile, and connects then; again while that fails for want of room.</summary>
    private async ValueTask<CloseReason> QueueAsync()
    {
        CloseReason reason;
        do
        {
            _entrance.Leave(_target.Service);
            var limits = _snapshot!.Spec.Limits;
            _ticket ??= new QueueTicket(_context, _target.Service.Queue, _client, TryStart);
            reason = await _ticket.Wait(limits.QueueLength, limits.QueueTimeout);
            if (reason != CloseReason.None)
            {
                return reason;
            }

            var (pool, pick) = _ticket.Found;
            reason = await _connector.ConnectAsync(_snapshot, pool, pick, preferred: -1, waits: false);
        }
        while (MayQueue(reason));
        return reason;
    }

    /// <summary>
    /// It is this session's turn: takes a place of the service and of a backend. It looks at the service as it is now, since
    /// a reload or a backend that came back may be what there is room by.
    /// </summary>
    private (CloseReason Reason, bool Passes) TryStart()
    {
        var service = _target.Service;
        var snapshot = _snapshot = service.Snapshot;
        var pool = snapshot.PoolFor(_target.Listen.Scope);
        if (service.IsRemoved || pool.IsEmpty)
        {
            return (CloseReason.NoBackend, false);
        }

        if (!_entrance.TryEnter(service, snapshot))
        {
            return (CloseReason.LimitReached, false);
        }

        var pick = new SchedulePick(pool.Scheduler, _flow);
        _affinity = AffinityChoice.Make(snapshot, pool, _flow, ref pick, NowMs);
        var preferred = _affinity.Preferred;
        _connector.Exclude(pool, ref pick, ref preferred);
        if (_connector.TryReserve(pool, ref pick, preferred, WaitsForItsOwn))
        {
            _ticket!.Found = (pool, pick);
            return (CloseReason.None, false);
        }

        _entrance.StepBack(service);
        return (_connector.IsFull ? CloseReason.LimitReached : CloseReason.NoBackend, snapshot.HasRoom());
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
        _target.Service.Counters.Of(Shard).AddClosed((int)reason);
        _context.Log?.Closed(new SessionRecord
        {
            Id = Id,
            Accepted = _accepted,
            Service = _target.Service.Key,
            Client = _flow.Client,
            Peer = _proxyHeader?.Peer,
            Listen = _flow.Listen,
            Backend = Backend?.Address,
            Attempts = _connector.Attempts,
            QueuePosition = _ticket?.Position,
            QueueTime = _ticket is { Position: not null } ticket ? ticket.Waited : null,
            ConnectTime = _connectTime,
            TotalTime = Stopwatch.GetElapsedTime(_acceptedAt),
            BytesFromClient = _relay?.BytesFromClient ?? 0,
            BytesFromBackend = _relay?.BytesFromBackend ?? 0,
            Reason = reason,
            Detail = _proxyHeader?.Problem,
            Shard = Shard,
            OthersOfProcess = _context.Admission.Active,
            OthersOfService = _target.Service.Active,
            OthersOfBackend = Backend?.Load.Active ?? 0,
        });
    }
}
