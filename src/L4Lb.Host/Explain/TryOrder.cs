using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Host.Explain;

/// <summary>The order in which a new session would try backends, as the real scheduler has it.</summary>
/// <param name="Backends">The backends, best first.</param>
/// <param name="Note">What the order holds for.</param>
internal sealed record TryOrder(IReadOnlyList<BackendSpec> Backends, string Note)
{
    // So many equal orders by chance: less than one in ten thousand, already with two backends.
    private const int Draws = 16;

    /// <summary>The first <c>connect-attempts</c> backends under the policy of <paramref name="listen"/>.</summary>
    public static TryOrder Of(ServiceSpec service, ListenSpec listen, IPEndPoint client, Target to)
    {
        // As the snapshot builder has it: whoever has no weight is a candidate too, since a table may be laid out by all.
        var backends = service.Backends.Where(b => (b.Scopes & listen.Scope) != 0).ToArray();
        var flow = new FlowKey(AddressKey.From(client), AddressKey.From(to.EndPoint));
        var order = Draw(service, backends, flow, seed: 0, out var samples);
        var isByChance = Enumerable.Range(1, Draws - 1)
            .Any(seed => !Draw(service, backends, flow, (ulong)seed, out _).SequenceEqual(order));
        return new TryOrder(
            [.. order.Select(i => backends[i])],
            Describe(service, isByChance, samples != SchedulerSamples.None, client.Port == 0));
    }

    /// <summary>Fresh loads and a fixed seed: the answer must be the same when asked twice.</summary>
    private static List<int> Draw(
        ServiceSpec service, BackendSpec[] backends, in FlowKey flow, ulong seed, out SchedulerSamples samples)
    {
        var memory = new SchedulerMemory(seed);
        var candidates = Array.ConvertAll(
            backends, b => new Candidate(AddressKey.From(b.Address), b.Weight, new BackendLoad(memory.Total), b.Weight));
        var scheduler = SchedulerCatalog.Build(service.Scheduler, candidates, memory);
        samples = scheduler.Samples;
        var order = new List<int>();
        var pick = new SchedulePick(scheduler, in flow);
        while (order.Count < service.Timeouts.ConnectAttempts && pick.MoveNext(nowMs: 0, out var index))
        {
            order.Add(index);
        }

        return order;
    }

    private static string Describe(ServiceSpec service, bool isByChance, bool learns, bool portIsUnknown)
    {
        var traits = SchedulerCatalog.Find(service.Scheduler.Name)!.Traits;
        var isByPort = service.Scheduler.Parameters.Any(static p => p == new SchedulerParameter("hash-on", "source-port"));
        return (isByChance, traits.HasFlag(SchedulerTraits.ByHash)) switch
        {
            (true, _) => "one of those that chance may give, with idle backends and nothing remembered",
            (_, true) when isByPort && portIsUnknown => "for this client at port 0; each of its ports has its own, so say --client IP:PORT",
            (_, true) => "always for this client, while the backends are the same and idle",
            _ when learns => "now, with idle backends and nothing learned about them",
            _ => "now, with idle backends and nothing remembered",
        };
    }
}
