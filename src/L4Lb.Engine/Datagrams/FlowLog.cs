using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Counts and records flows that have ended, and clients that got none. Of those only some are recorded: anybody can make
/// a million of them in a second, with addresses that are not theirs. Shard thread only.
/// </summary>
internal sealed class FlowLog(FlowContext context)
{
    // Enough to see what is going on; the counters have them all.
    private const int RefusalsPerSecond = 10;

    private long _second;
    private int _refusals;

    internal void Ended(Flow flow, CloseReason reason)
    {
        context.Counters.AddClosed((int)reason);
        flow.Counters.AddClosed((int)reason);
        if (flow.IsOutlet)
        {
            return;
        }

        context.Log?.Closed(Record(flow.Listener, flow.Key, reason) with
        {
            Id = flow.Id,
            Accepted = flow.BeganUtc,
            Backend = flow.Backend?.Address,
            Attempts = flow.Attempts,
            TotalTime = context.Time.GetElapsedTime(flow.BeganAt),
            BytesFromClient = flow.BytesFromClient,
            BytesFromBackend = flow.BytesFromBackend,
            Requests = flow.Requests,
            Responses = flow.Responses,
            Service = flow.Service.Key,
            OthersOfService = flow.Service.Active,
            OthersOfBackend = flow.Backend?.Load.Active ?? 0,
        });
    }

    internal void Refused(DatagramListener listener, in FlowKey key, CloseReason reason)
    {
        context.Counters.Accepted++;
        context.Counters.AddClosed((int)reason);
        listener.Target.Service.Counters.Of(context.Shard).AddClosed((int)reason);
        var second = context.NowMs / 1000;
        (_second, _refusals) = (second, second == _second ? _refusals + 1 : 1);
        if (_refusals <= RefusalsPerSecond)
        {
            context.Log?.Closed(Record(listener, key, reason));
        }
    }

    private SessionRecord Record(DatagramListener listener, in FlowKey key, CloseReason reason) => new()
    {
        Id = 0,
        Accepted = context.Time.GetUtcNow().UtcDateTime,
        Protocol = TransportProtocol.Udp,
        Service = listener.Target.Service.Key,
        Client = key.Client,
        Listen = key.Listen,
        Reason = reason,
        Shard = context.Shard,
        OthersOfProcess = context.Admission.Active,
        OthersOfService = listener.Target.Service.Active,
    };
}
