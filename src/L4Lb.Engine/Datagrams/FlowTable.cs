using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// The flows of one shard, from a client's first datagram to the last silence: finds the flow that a datagram belongs to,
/// begins and ends flows, and says what is to be sent where. It does no input or output and knows no clock of its own, so
/// that all it decides can be tried without a socket. Shard thread only; nothing here throws.
/// </summary>
internal sealed class FlowTable
{
    // Bytes of datagrams that await an answer, by shard.
    private const int KeptBytesMost = 16 * 1024 * 1024;

    // Silence that ends a flow whose backend or listener is on its way out: once answered, and while an answer is still awaited, in
    // which case whoever asked would soon ask again (5 s is what resolv.conf(5) waits).
    private const long ClosingMs = 100;
    private const long ClosingUnansweredMs = 5000;

    // Immutable.
    private readonly FlowContext _context;
    private readonly IFlowPort _port;
    private readonly FlowConnector _connector;
    private readonly FlowFaults _faults;
    private readonly FlowOutlets _outlets;
    private readonly FlowLog _log;

    private readonly FlowSet _flows;

    internal FlowTable(FlowContext context, IFlowPort port)
    {
        (_context, _port) = (context, port);
        _flows = new FlowSet(context.Admission, context.Clock, flow => End(flow, CloseReason.Shed));
        _connector = new FlowConnector(context, port);
        _log = new FlowLog(context);
        _faults = new FlowFaults(context, port, this, _connector);
        _outlets = new FlowOutlets(context, port, this, _connector);
    }

    /// <summary>Flows open now, outlets included; read by any thread.</summary>
    internal int Count => _flows.Count;

    /// <summary>Flows that the index has memory for, to see that it does not stay grown.</summary>
    internal int Room => _flows.Room;

    /// <summary>Copies of datagrams that await an answer.</summary>
    internal KeptDatagrams Kept { get; } = new(KeptBytesMost);

    /// <summary>A client has sent something. What becomes of it may wait for <see cref="IFlowPort.Flush"/>.</summary>
    /// <param name="listener">Where it came in.</param>
    /// <param name="from">The client.</param>
    /// <param name="to">The address that it asked.</param>
    /// <param name="datagram">What it sent.</param>
    internal void Arrive(DatagramListener listener, in SocketAddress from, in AddressKey to, in Datagram datagram)
    {
        var rules = listener.Target.Service.Snapshot.Spec.Datagrams;
        var key = new FlowKey(from.ToKey(), to);
        var isWhole = datagram.Segment <= rules.MaxBytes && rules is { Mode: DatagramMode.Flow, Requests: 0, Responses: null };
        if (isWhole)
        {
            Arrive(listener, from, key, rules, datagram);
            return;
        }

        foreach (var single in datagram)
        {
            if (single.Length > rules.MaxBytes)
            {
                _context.Counters.DatagramsOversized++;
            }
            else if (rules.Mode == DatagramMode.Datagram)
            {
                _outlets.Scatter(listener, key, single);
            }
            else
            {
                Arrive(listener, from, key, rules, single);
            }
        }
    }

    /// <summary>The backend of <paramref name="flow"/> has sent something.</summary>
    internal void Answered(Flow flow, in Datagram datagram)
    {
        if (flow.IsOutlet || flow.IsOver)
        {
            _context.Counters.DatagramsDropped += datagram.Count;
            return;
        }

        flow.LastMs = _context.NowMs;
        flow.Count(_context.Counters, datagram.Count, datagram.Length, fromClient: false);
        flow.Samples?.Received(datagram.Length, fromClient: false);
        if (flow.AwaitsAnswer)
        {
            // What still waits to be sent cannot be what was answered.
            flow.AwaitsAnswer = flow.Unsent > 0;
            if (flow.Kept.Number <= flow.Requests - flow.Unsent)
            {
                Kept.Drop(ref flow.Kept);
            }

            _connector.Answered(flow);
        }

        _port.Reply(flow, datagram);
        if (IsComplete(flow))
        {
            End(flow, CloseReason.Completed);
        }
        else if (flow.Leaving != CloseReason.None || flow.Listener.IsClosing)
        {
            _context.Timers.Schedule(flow, _context.NowMs + ClosingMs);
        }
    }

    /// <summary>
    /// A send to the flow's backend has failed, or a socket has told of an earlier one that did. Returns what is to become
    /// of <paramref name="unsent"/>, the first of those that the port holds.
    /// </summary>
    internal SendVerdict Failed(Flow flow, Errno error, in Datagram unsent) => _faults.Failed(flow, error, unsent);

    /// <summary>The network has told that the backend of <paramref name="flow"/> cannot be reached (ICMP).</summary>
    internal void Unreachable(Flow flow, Errno error) => _faults.Unreachable(flow, error);

    /// <summary>
    /// Ends the flows of <paramref name="backend"/>: their clients' next datagrams pick anew. One that was only taken out
    /// of the service still answers what it was asked.
    /// </summary>
    internal void EndOf(Backend backend, CloseReason reason) => _flows.ForEach(flow =>
    {
        if (flow.Backend == backend)
        {
            Dismiss(flow, reason);
        }
    });

    /// <summary>Ends the flows that answer by <paramref name="listener"/>.</summary>
    internal void EndOf(DatagramListener listener, CloseReason reason) => EndWhere(flow => flow.Listener == listener, reason);

    /// <summary>Begins to visit all that are open now.</summary>
    internal void BeginWalk() => _flows.BeginWalk();

    /// <summary>Visits the next ones, which may end by it. False when there are no more.</summary>
    internal bool Walk(int most, Action<Flow> visit) => _flows.Walk(most, visit);

    /// <summary>Ends all.</summary>
    internal void EndAll(CloseReason reason) => EndWhere(static _ => true, reason);

    /// <summary>Lets the flows of a listener that takes nothing new get the answers that they await, and ends them.</summary>
    internal void Close(DatagramListener listener) => _flows.ForEach(flow =>
    {
        if (flow.Listener != listener)
        {
            return;
        }

        if (flow.IsOutlet)
        {
            // It awaits nothing, and others who use it would keep the socket open.
            End(flow, CloseReason.Drained);
        }
        else
        {
            OnDue(flow, _context.NowMs);
        }
    });

    internal void OnDue(Flow flow, long nowMs)
    {
        var closing = flow.Leaving != CloseReason.None || flow.Listener.IsClosing;
        var silentMs = !closing ? flow.Service.Snapshot.IdleMs : MayBeAnswered(flow) ? ClosingUnansweredMs : ClosingMs;
        if (nowMs - flow.LastMs >= silentMs)
        {
            End(flow, flow.Leaving != CloseReason.None ? flow.Leaving : closing ? CloseReason.Drained : CloseReason.IdleTimeout);
        }
        else
        {
            _context.Timers.Schedule(flow, flow.LastMs + silentMs);
        }
    }

    /// <summary>An answer is awaited, and can be hoped for: nobody sends that long without one who expects any.</summary>
    private static bool MayBeAnswered(Flow flow) =>
        flow.AwaitsAnswer && (flow.Responses > 0 || flow.LastMs - flow.BeganMs < ClosingUnansweredMs);

    /// <summary>Ends a flow: gives back all that it holds, and records it.</summary>
    internal void End(Flow flow, CloseReason reason)
    {
        // What the client sent before still goes to the backend; in trying, the flow may end for another reason.
        if (flow.Unsent > 0 && flow.Socket is not null)
        {
            _port.Flush(flow);
        }

        if (flow.IsOver)
        {
            return;
        }

        flow.IsOver = true;
        _context.Timers.Cancel(flow);
        _flows.Remove(flow);
        _connector.Release(flow);
        _context.Counters.DatagramsDropped += flow.Unsent;
        flow.Requests -= flow.Unsent;
        _port.Forget(flow);
        Kept.Drop(ref flow.Kept);
        _outlets.Remove(flow);
        flow.Entrance.LeaveAll(flow.Service);
        _context.Admission.LeaveFlow();
        flow.Listener.Release();
        _log.Ended(flow, reason);
    }

    /// <summary>Counts a flow in that is about to begin, making room if it may; false when there is none.</summary>
    internal bool TryEnter(Service service, ref Entrance entrance, bool isOutlet) => _flows.TryEnter(service, ref entrance, isOutlet);

    /// <summary>Takes a flow in that has a backend.</summary>
    internal void Add(Flow flow)
    {
        flow.Listener.Flows++;
        _flows.Add(flow);
        flow.BeganMs = flow.LastMs = _context.NowMs;
        _context.Timers.Schedule(flow, flow.LastMs + flow.Service.Snapshot.IdleMs);
    }

    /// <summary>Counts a client that got no flow.</summary>
    internal void Refuse(DatagramListener listener, in FlowKey key, CloseReason reason) => _log.Refused(listener, key, reason);

    private static bool IsComplete(Flow flow)
    {
        var rules = flow.Service.Snapshot.Spec.Datagrams;
        return rules.Responses is { } each && flow.Responses >= each * flow.Requests && flow.Requests >= rules.Requests;
    }

    private void Arrive(DatagramListener listener, in SocketAddress from, in FlowKey key, DatagramSpec rules, in Datagram datagram)
    {
        var flow = _flows.Find(key);
        if (flow is not null && (flow.Listener != listener || flow.Service != listener.Target.Service))
        {
            // The address was given to somebody else, or opened anew. What was asked before may still be answered.
            _flows.Unbind(flow);
            flow = null;
        }

        if (flow is not null && Outlived(flow) is var reason && reason != CloseReason.None)
        {
            Dismiss(flow, reason);
            flow = null;
        }

        flow ??= Begin(listener, from, key);
        if (flow is not null)
        {
            Pass(flow, rules, datagram);
        }
    }

    /// <summary>Why the client's next datagram should not go to the backend that the flow has; none when it should.</summary>
    private static CloseReason Outlived(Flow flow)
    {
        var backend = flow.Backend!;

        // While it answers, its health is none of the flow's concern; and it may be the best there is.
        if (!backend.IsRemoved && (!flow.AwaitsAnswer || !backend.Health.IsDown))
        {
            return CloseReason.None;
        }

        var pool = flow.Service.Snapshot.PoolFor(flow.Listener.Target.Listen.Scope);
        var index = pool.IndexOf(backend);
        if (backend.IsRemoved)
        {
            // Who goes by a snapshot that still has it would be given it again, with each datagram anew.
            return index >= 0 ? CloseReason.None : CloseReason.BackendRemoved;
        }

        return index >= 0 && pool.IsEligible(index) ? CloseReason.None : CloseReason.BackendDown;
    }

    private Flow? Begin(DatagramListener listener, in SocketAddress from, in FlowKey key)
    {
        var target = listener.Target;
        var service = target.Service;
        var entrance = default(Entrance);
        var reason = Admit(target, key, ref entrance);
        if (reason == CloseReason.None)
        {
            var snapshot = service.Snapshot;
            var flow = new Flow(this, service, listener, key, from)
            {
                Counters = service.Counters.Of(_context.Shard),
                BeganUtc = _context.Time.GetUtcNow().UtcDateTime,
                BeganAt = _context.Time.GetTimestamp(),
                ProxyHeader = snapshot.ProxyProtocol?.Send == ProxyProtocolVersion.V2 ? snapshot.Spec.Datagrams.ProxyHeader : null,
            };
            reason = _connector.Connect(flow);
            if (reason == CloseReason.ResourceExhausted && _flows.TryShed(service))
            {
                // Ports are what the process shares with the machine, so no bound of ours can tell how many there are.
                reason = _connector.Connect(flow);
            }

            if (reason == CloseReason.None)
            {
                flow.Entrance = entrance;
                _context.Counters.Accepted++;
                Add(flow);
                _flows.Bind(flow);
                return flow;
            }

            _context.Admission.LeaveFlow();
        }

        entrance.LeaveAll(service);
        Refuse(listener, key, reason);
        return null;
    }

    private CloseReason Admit(ListenerTarget target, in FlowKey key, ref Entrance entrance) =>
        target.Refuses(key.Client) ? CloseReason.SourceDenied
        : !entrance.TryPassSource(target.Service, key.Client, _context.NowMs) ? CloseReason.SourceLimited
        : target.Service.Snapshot.PoolFor(target.Listen.Scope).IsEmpty ? CloseReason.NoBackend
        : !TryEnter(target.Service, ref entrance, isOutlet: false) ? CloseReason.LimitReached
        : CloseReason.None;

    private void Pass(Flow flow, DatagramSpec rules, in Datagram datagram)
    {
        flow.LastMs = _context.NowMs;
        flow.IsEstablished |= flow.Responses > 0;
        if (flow.MayResend)
        {
            Kept.Keep(ref flow.Kept, datagram.First, flow.Requests + 1, _context.NowMs);
        }

        flow.AwaitsAnswer = true;
        flow.Count(_context.Counters, datagram.Count, datagram.Length, fromClient: true);
        flow.Samples?.Received(datagram.Length, fromClient: true);
        _port.Send(flow, datagram);
        if (rules.Requests > 0 && flow.Requests >= rules.Requests)
        {
            _flows.Unbind(flow);
        }

        if (rules.Responses == 0 && IsComplete(flow))
        {
            End(flow, CloseReason.Completed);
        }
    }

    /// <summary>Ends a flow for its client, which may still get the answer that it awaits.</summary>
    private void Dismiss(Flow flow, CloseReason reason)
    {
        if (reason != CloseReason.BackendRemoved || flow.IsOutlet || !MayBeAnswered(flow))
        {
            End(flow, reason);
            return;
        }

        if (flow.Unsent > 0)
        {
            _port.Flush(flow);
        }

        if (!flow.IsOver)
        {
            _flows.Unbind(flow);
            flow.Leaving = reason;
            OnDue(flow, _context.NowMs);
        }
    }

    private void EndWhere(Func<Flow, bool> isMeant, CloseReason reason) => _flows.ForEach(flow =>
    {
        if (isMeant(flow))
        {
            End(flow, reason);
        }
    });
}
