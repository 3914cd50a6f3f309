using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Datagrams that are scheduled one by one (syslog, statsd): each backend that gets any has one socket here, its outlet,
/// whoever sends. Shard thread only.
/// </summary>
internal sealed class FlowOutlets(FlowContext context, IFlowPort port, FlowTable table, FlowConnector connector)
{
    // Nobody answers here. Who was sent something for that long, and was not said to be unreachable, can be reached.
    private const long ProofMs = 1000;

    private readonly Dictionary<Backend, Flow> _outlets = [];

    /// <summary>Sends one datagram to the backend that is its turn.</summary>
    internal void Scatter(DatagramListener listener, in FlowKey key, in Datagram datagram)
    {
        var target = listener.Target;
        var entrance = default(Entrance);
        var reason = target.Refuses(key.Client) ? CloseReason.SourceDenied
            : !entrance.TryPassSource(target.Service, key.Client, context.NowMs) ? CloseReason.SourceLimited
            : Send(listener, key, datagram);

        // Over as soon as it is sent: only the rate of a source can be limited.
        entrance.LeaveAll(target.Service);
        if (reason != CloseReason.None)
        {
            table.Refuse(listener, key, reason);
        }
    }

    internal void Remove(Flow flow)
    {
        if (flow.IsOutlet)
        {
            _outlets.Remove(flow.Backend!);
        }
    }

    private CloseReason Send(DatagramListener listener, in FlowKey key, in Datagram datagram)
    {
        var service = listener.Target.Service;
        var snapshot = service.Snapshot;
        var pool = snapshot.PoolFor(listener.Target.Listen.Scope);
        var pick = new SchedulePick(pool.Scheduler, key);
        var affinity = AffinityChoice.Make(snapshot, pool, key, ref pick, context.NowMs);
        var (index, reason) = (affinity.Preferred, CloseReason.NoBackend);
        for (var attempts = 0; attempts < snapshot.Spec.Timeouts.ConnectAttempts; attempts++)
        {
            if (index < 0 && !pick.MoveNext(context.NowMs, out index))
            {
                return reason;
            }

            if (Find(listener, pool[index], ref reason) is { } outlet)
            {
                outlet.Asker = key;
                outlet.ProxyHeader = snapshot.ProxyProtocol?.Send == ProxyProtocolVersion.V2 ? ProxyHeaderOn.Each : null;
                Pass(outlet, datagram);
                return CloseReason.None;
            }

            index = -1;
        }

        return reason;
    }

    private void Pass(Flow outlet, in Datagram datagram)
    {
        outlet.LastMs = context.NowMs;
        outlet.Backend!.CountServed();
        if (outlet.Backend.Connects.FailedInARow > 0 && context.NowMs - outlet.FailedMs >= ProofMs)
        {
            outlet.Backend.Connects.AddSuccess();
        }

        outlet.Count(context.Counters, 1, datagram.Length, fromClient: true);
        port.Send(outlet, datagram);
    }

    private Flow? Find(DatagramListener listener, Backend backend, ref CloseReason reason)
    {
        if (_outlets.TryGetValue(backend, out var outlet))
        {
            return outlet;
        }

        var service = listener.Target.Service;
        var entrance = default(Entrance);
        if (!table.TryEnter(service, ref entrance, isOutlet: true))
        {
            reason = CloseReason.LimitReached;
            return null;
        }

        outlet = new Flow(table, service, listener, new FlowKey(default, listener.Target.Address), default)
        {
            Counters = service.Counters.Of(context.Shard),
            OfBackend = backend.Traffic.Of(context.Shard),
            IsOutlet = true,
            Backend = backend,
            IsEstablished = true, // Many clients use it: the last to make way for one more.
        };
        var error = port.Open(outlet);
        if (error != Errno.None)
        {
            context.Admission.LeaveFlow();
            reason = FlowConnector.IsOurWant(error) ? CloseReason.ResourceExhausted : CloseReason.ConnectRefused;
            if (reason == CloseReason.ConnectRefused)
            {
                connector.Blame(service, backend);
            }

            return null;
        }

        context.Counters.Accepted++;
        _outlets.Add(backend, outlet);
        table.Add(outlet);
        return outlet;
    }
}
