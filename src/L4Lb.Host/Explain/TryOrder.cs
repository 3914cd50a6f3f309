using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Host.Explain;

/// <summary>The order in which a new session would try backends, as the real scheduler has it.</summary>
internal static class TryOrder
{
    /// <summary>The first <c>connect-attempts</c> of <paramref name="eligible"/>, best first.</summary>
    public static IEnumerable<BackendSpec> Of(ServiceSpec service, BackendSpec[] eligible, IPEndPoint client, Target to)
    {
        // Fresh loads and a fixed seed: the answer must be the same when asked twice.
        var candidates = Array.ConvertAll(eligible, b => new Candidate(AddressKey.From(b.Address), b.Weight, new BackendLoad()));
        var scheduler = SchedulerCatalog.Build(service.Scheduler, candidates, new SchedulerMemory(seed: 0));
        var flow = new FlowKey(AddressKey.From(client), AddressKey.From(to.EndPoint));
        var order = new List<BackendSpec>();
        var pick = new SchedulePick(scheduler, in flow);
        while (order.Count < service.Timeouts.ConnectAttempts && pick.MoveNext(nowMs: 0, out var index))
        {
            order.Add(eligible[index]);
        }

        return order;
    }
}
