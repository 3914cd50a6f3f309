using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>What holds with every datagram, whatever happens. Keeps count of all that it sees.</summary>
internal sealed class FlowInvariants(FlowSimulation simulation) : ISessionLog
{
    private readonly Dictionary<long, FlowState> _states = [];
    private readonly Dictionary<FlowKey, Flow> _latest = [];
    private Flow? _ended;
    private long _unsent;
    private long _forgotten;

    /// <summary>Backends that are on their way out, or gone.</summary>
    internal Dictionary<Backend, Removal> Removals { get; } = [];

    /// <summary>All that happened, in one number: the same for the same seed.</summary>
    internal ulong Trace { get; private set; } = 14695981039346656037;

    internal long Sent { get; private set; }

    internal long Resent { get; private set; }

    internal long Replied { get; private set; }

    internal long RepliedBytes { get; private set; }

    internal long Shed { get; private set; }

    /// <summary>The flow that took the last datagram.</summary>
    internal Flow? LastTaker { get; set; }

    internal static void Check(bool holds, string what)
    {
        if (!holds)
        {
            Assert.Fail(what);
        }
    }

    internal void Record(long what)
    {
        Trace = (Trace ^ (ulong)what) * 1099511628211;
        Trace ^= Trace >> 29;
    }

    /// <summary>The flow that the next datagram with this key belongs to; null for none.</summary>
    internal Flow? BoundTo(in FlowKey key) => _latest.GetValueOrDefault(key) is { IsOver: false, IsBound: true } flow ? flow : null;

    internal FlowState StateOf(Flow flow) => _states[flow.Id];

    internal void Opening(Flow flow)
    {
        Check(flow.HoldsBackend != flow.IsOutlet, "who opens a socket holds the backend, unless it serves many");
        var pool = simulation.PoolOf(flow);
        var index = pool.IndexOf(flow.Backend!);
        Check(index >= 0 && pool.IsKept(index), "a backend that may not serve");
        Check(flow.Failed?.Contains(flow.Backend!) != true, "a backend that has failed already");
        Check((flow.Failed?.Count ?? 0) < flow.Service.Snapshot.Spec.Timeouts.ConnectAttempts, "too many attempts");
        _states.TryAdd(flow.Id, new FlowState(flow));
        Record(flow.Backend!.Address.Port);
    }

    internal void Taken(Flow flow, Datagram datagram)
    {
        LastTaker = flow;
        if (!flow.IsOutlet)
        {
            _latest[flow.Key] = flow;
        }

        StateOf(flow).Taken(Arrival.NumberOf(datagram.First.Bytes), datagram.Count, simulation.Clock.NowMs);
    }

    private void CheckSending(Flow flow, int number, bool isKept, int before)
    {
        var state = StateOf(flow);
        var arrival = simulation.Arrivals[number];
        Check(arrival.Service == flow.Service, "a datagram for another service");
        Check(flow.IsOutlet || (arrival.Listener == flow.Listener && arrival.Client == flow.Client.ToKey()), "another's datagram");
        if (isKept)
        {
            Check(before == 0 && number <= state.LastSent, "a copy goes first, and was sent before");
        }
        else
        {
            Check(number > state.LastSent, "out of order, or a second time");
            state.LastSent = number;
        }

        if (Removals.TryGetValue(flow.Backend!, out var removal))
        {
            Check(!removal.IsDone, "sent to a backend whose flows were ended");
            Check(number < removal.PublishedAt && (!isKept || removal.PublishedAt == int.MaxValue), "sent to a backend that was removed");
        }
    }

    internal void SendingBy(TestSocket socket, Datagram datagram, bool isKept)
    {
        var flow = socket.Flow;
        Check(flow.Socket == socket && !flow.IsOver && flow.Backend == socket.Backend, "a socket that is not the flow's");
        foreach (var single in datagram)
        {
            var number = Arrival.NumberOf(single.Bytes);
            if (number >= 0)
            {
                Check(simulation.Arrivals[number].Length == single.Length, "a datagram of another length");
                CheckSending(flow, number, isKept, socket.Sent);
            }

            Record(number);
            (Sent, Resent) = isKept ? (Sent, Resent + 1) : (Sent + 1, Resent);
        }
    }

    internal void Reply(Flow flow, Datagram datagram)
    {
        foreach (var single in datagram)
        {
            var number = Arrival.NumberOf(single.Bytes);
            Record(~number);
            if (number >= 0)
            {
                var arrival = simulation.Arrivals[number];
                Check(arrival.Client == flow.Client.ToKey() && arrival.Client == flow.Key.Client, "another client's answer");
                Check(arrival.Listener == flow.Listener, "an answer by a socket that was not asked");
                Check(number <= StateOf(flow).LastSent, "an answer to what was not sent");
            }

            Replied++;
            RepliedBytes += single.Length;
        }

        Check(flow.Failed is null, "failures before an answer count no more");
        StateOf(flow).Answered();
    }

    internal void Forgotten(Flow flow)
    {
        Check(_ended is null, "a flow that is over was not recorded");
        Check(_states.Remove(flow.Id), "a flow is over twice");
        (_ended, _unsent) = (flow.IsOutlet ? null : flow, simulation.Port.Forgotten - _forgotten);
        _forgotten = simulation.Port.Forgotten;
        if (_latest.GetValueOrDefault(flow.Key) == flow)
        {
            _latest.Remove(flow.Key);
        }
    }

    public void Closed(in SessionRecord session)
    {
        Record((long)session.Reason);
        if (session.Id == 0)
        {
            CheckRefused(session);
            return;
        }

        var flow = _ended;
        Check(flow?.Id == session.Id, "a record of a flow that is not over now");
        var hasFailed = session.Reason is CloseReason.ConnectRefused or CloseReason.BackendReset;
        Check(_unsent == 0 || hasFailed, "what waited was not sent although it could be");
        _ended = null;
        if (session.Reason == CloseReason.Shed)
        {
            Shed++;
            CheckShed(flow!);
        }
    }

    /// <summary>Flows that were given a socket and got none stay known until somebody looks.</summary>
    internal void CheckStates()
    {
        foreach (var state in _states.Values.Where(state => state.Flow.Socket is null).ToArray())
        {
            Check(!state.Flow.IsArmed && !state.Flow.HoldsBackend && state.Flow.Requests == 0, "a flow without a socket");
            _states.Remove(state.Flow.Id);
        }

        Check(_ended is null, "a flow that is over was not recorded");
        Check(_states.Count == simulation.Table.Count, "flows that nobody knows of");
    }

    private void CheckRefused(in SessionRecord session)
    {
        var key = session.Service;
        var service = simulation.Control.Services.First(service => service.Spec.Key == key);
        var limits = service.Spec.Limits;
        if (session.Reason == CloseReason.LimitReached && !service.Backends.Values.Any(backend => backend.Load.IsFull))
        {
            var isFull = limits.MaxSessions > 0 && service.Service.Active >= limits.MaxSessions;
            Check(isFull || simulation.Admission.Flows >= simulation.Admission.FlowLimit, "refused although there is room");
        }
    }

    private void CheckShed(Flow flow)
    {
        var limits = flow.Service.Snapshot.Spec.Limits;
        var admission = simulation.Admission;
        var wasFull = (limits.MaxSessions > 0 && flow.Service.Active + 1 >= limits.MaxSessions) || admission.Flows + 1 >= admission.FlowLimit
            || simulation.Network.RanOut;
        Check(wasFull, "shed although there was room");
        Check(!flow.IsEstablished || simulation.Clock.NowMs - flow.LastMs >= 10_000, "shed while in use");
        foreach (var socket in simulation.Port.Sockets)
        {
            var other = socket.Flow;
            if (other.Service == flow.Service && !other.IsEstablished)
            {
                Check(!flow.IsEstablished && other.Id > flow.Id, "shed before one that is older, or not established");
            }
        }
    }
}
