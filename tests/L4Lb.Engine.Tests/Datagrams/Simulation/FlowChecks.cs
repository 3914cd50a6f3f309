using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>What holds between events: every count agrees with the flows that there are, counted one by one.</summary>
internal sealed class FlowChecks(FlowSimulation simulation)
{
    // What a closing socket's flows may still wait for, and the agenda's latest answer.
    private const long ClosingMost = 5000 + Agenda.Span;

    private readonly Dictionary<Backend, int> _byBackend = [];
    private readonly Dictionary<Service, int> _byService = [];
    private readonly HashSet<FlowKey> _bound = [];

    /// <summary>What can be seen at a glance.</summary>
    internal void Glance()
    {
        var (table, counters) = (simulation.Table, simulation.Counters);
        var flows = table.Count;
        FlowInvariants.Check(simulation.Port.Sockets.Count == flows, "a flow without a socket, or a socket without a flow");
        FlowInvariants.Check(simulation.Timers.Count == flows, "a timer for each flow");
        FlowInvariants.Check(simulation.Admission.Flows == flows, "the process counts the flows");
        FlowInvariants.Check(flows <= simulation.Admission.FlowLimit, "more flows than there may be");
        FlowInvariants.Check(simulation.Port.Waiting == 0, "something waits after all was flushed");
        FlowInvariants.Check(counters.DatagramsResent == simulation.Invariants.Resent, "sent again and not counted");
        FlowInvariants.Check(counters.ConnectFailures == simulation.Faults + simulation.Network.Faults, "somebody is blamed for another's fault");
        var lost = simulation.LostInSending + simulation.Port.Forgotten;
        FlowInvariants.Check(counters.DatagramsFromClients == simulation.Invariants.Sent + lost, "datagrams that nobody counted");
        FlowInvariants.Check(
            counters.DatagramsDropped + counters.DatagramsOversized == lost + simulation.Strays + simulation.TooLarge, "losses that nobody counted");
        FlowInvariants.Check(counters.DatagramsFromBackends == simulation.Invariants.Replied, "answers that nobody counted");
        FlowInvariants.Check(counters.BytesFromBackends == simulation.Invariants.RepliedBytes, "bytes that nobody counted");
    }

    /// <summary>What the shard counts is what it counts of its services, and their bytes are those of their backends.</summary>
    private void CheckParts()
    {
        var (whole, services) = (simulation.Counters, simulation.Control.Services.SelectMany(s => s.Service.Counters.All).ToArray());
        FlowInvariants.Check(services.Sum(c => c.ConnectAttempts) == whole.ConnectAttempts, "attempts of no service");
        FlowInvariants.Check(services.Sum(c => c.Retries) == whole.Retries, "retries of no service");
        FlowInvariants.Check(services.Sum(c => c.ConnectFailures) == whole.ConnectFailures, "failures of no service");
        FlowInvariants.Check(services.Sum(c => c.DatagramsFromClients) == whole.DatagramsFromClients, "datagrams of no service");
        FlowInvariants.Check(services.Sum(c => c.BytesFromClients) == whole.BytesFromClients, "bytes of no service");
        FlowInvariants.Check(services.Sum(c => c.BytesFromBackends) == whole.BytesFromBackends, "answers of no service");
        foreach (var reason in Enum.GetValues<CloseReason>())
        {
            FlowInvariants.Check(services.Sum(c => c.Closed((int)reason)) == whole.Closed((int)reason), "an end of no service");
        }
    }

    /// <summary>All of it.</summary>
    internal void Look()
    {
        Glance();
        simulation.Invariants.CheckStates();
        CheckParts();
        _byBackend.Clear();
        _byService.Clear();
        _bound.Clear();
        var (kept, keptBytes) = (0, 0);
        foreach (var socket in simulation.Port.Sockets)
        {
            var flow = socket.Flow;
            FlowInvariants.Check(!flow.IsOver && flow.Socket == socket && flow.Backend == socket.Backend, "a socket of another flow");
            FlowInvariants.Check(flow.HoldsBackend != flow.IsOutlet && flow.Unsent == 0, "a flow holds its backend");
            FlowInvariants.Check(flow.IsArmed && flow.DueMs > simulation.Clock.NowMs, "a flow that nobody will end");
            FlowInvariants.Check(simulation.Clock.NowMs - flow.LastMs < FlowSimulation.IdleMs, "a flow that was not ended");
            FlowInvariants.Check(!flow.IsBound || _bound.Add(flow.Key), "two flows for one client");
            kept += flow.Kept.Buffer is null ? 0 : 1;
            keptBytes += flow.Kept.Buffer?.Length ?? 0;
            if (!flow.IsOutlet)
            {
                _byBackend[socket.Backend] = _byBackend.GetValueOrDefault(socket.Backend) + 1;
                _byService[flow.Service] = _byService.GetValueOrDefault(flow.Service) + 1;
            }
        }

        var table = simulation.Table;
        FlowInvariants.Check(table.Kept.Rented == kept && table.Kept.RentedBytes == keptBytes, "copies that nobody has");
        FlowInvariants.Check(table.Room == 256 || table.Room <= 8 * Math.Max(_bound.Count, 1), "the index stays grown");
        FlowInvariants.Check(simulation.Counters.Accepted - Closed() == table.Count, "accepted less closed are open");
        foreach (var service in simulation.Control.Services)
        {
            LookAt(service);
        }

        LookAtListeners();
    }

    /// <summary>All is over.</summary>
    internal void Nothing()
    {
        Look();
        FlowInvariants.Check((simulation.Table.Count, simulation.Table.Kept.Rented, simulation.Table.Room) == (0, 0, 256), "something is left");
        FlowInvariants.Check(simulation.Control.Closing.Count == 0, "a socket did not close");
    }

    private static readonly CloseReason[] s_reasons = Enum.GetValues<CloseReason>();

    private long Closed() => s_reasons.Sum(reason => simulation.Counters.Closed((int)reason));

    private void LookAt(ServiceRig service)
    {
        var active = service.Service.Active;
        FlowInvariants.Check(active == _byService.GetValueOrDefault(service.Service), "the service counts its flows");
        foreach (var backend in service.Backends.Values)
        {
            FlowInvariants.Check(backend.Load.Active == _byBackend.GetValueOrDefault(backend), "a backend counts its flows");
        }

        var inSources = service.Service.Sources?.Measure(simulation.Clock.NowMs).Open;
        FlowInvariants.Check(inSources is null || inSources <= active, "sources that nobody is");
    }

    private void LookAtListeners()
    {
        var control = simulation.Control;
        FlowInvariants.Check(
            control.Slots.Concat(control.Closing.Select(closing => closing.Listener)).Sum(listener => listener.Flows) == simulation.Table.Count,
            "sockets count the flows that answer by them");
        control.Closing.RemoveAll(closing => closing.Listener.Flows == 0);
        FlowInvariants.Check(
            control.Closing.All(closing => simulation.Clock.NowMs - closing.SinceMs < ClosingMost), "a socket does not close");
    }
}
