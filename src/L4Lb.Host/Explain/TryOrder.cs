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
        var (scheduler, isAffinity) = SchedulerOf(service);
        var flow = new FlowKey(AddressKey.From(client), AddressKey.From(to.EndPoint));
        flow = isAffinity ? flow with { Client = Masked(flow.Client, service.Affinity!) } : flow;

        // Affinity of scope service is about hosts, whose ports must not matter then.
        var addresses = Array.ConvertAll(backends, b => AddressKey.From(b.Address));
        var named = isAffinity && service.Affinity!.Scope == AffinityScope.Service
            ? Array.ConvertAll(addresses, static a => a with { Port = 0 })
            : addresses;
        var order = Draw(seed: 0, out var samples);
        var isByChance = Enumerable.Range(1, Draws - 1).Any(seed => !Draw((ulong)seed, out _).SequenceEqual(order));
        return new TryOrder(
            [.. order.Select(i => backends[i])],
            Describe(scheduler, isByChance, samples != SchedulerSamples.None, client.Port == 0));

        // Fresh loads and a fixed seed: the answer must be the same when asked twice.
        List<int> Draw(ulong seed, out SchedulerSamples samples)
        {
            var memory = new SchedulerMemory(seed);
            var candidates = backends
                .Select((b, i) => new Candidate(named[i], b.Weight, new BackendLoad(memory.Total), b.Weight)).ToArray();
            var built = SchedulerCatalog.Build(scheduler, candidates, memory);
            samples = built.Samples;
            var drawn = new List<int>();
            var pick = new SchedulePick(built, in flow);
            while (drawn.Count < service.Timeouts.ConnectAttempts && pick.MoveNext(nowMs: 0, out var index))
            {
                drawn.Add(index);
            }

            return drawn;
        }
    }

    /// <summary>Who chooses for a client that keeps no backend: the service's scheduler, or affinity's own hash.</summary>
    private static (SchedulerSpec Scheduler, bool IsAffinity) SchedulerOf(ServiceSpec service) =>
        service.Affinity?.FirstPick == AffinityFirstPick.ConsistentHash
            ? (AffinitySpec.ConsistentHashScheduler, true)
            : (service.Scheduler, false);

    private static AddressKey Masked(AddressKey client, AffinitySpec affinity) => new(
        client.Address & (UInt128.MaxValue << (client.IsIPv4 ? 32 - affinity.IPv4PrefixLength : 128 - affinity.IPv6PrefixLength)), 0);

    private static string Describe(SchedulerSpec scheduler, bool isByChance, bool learns, bool portIsUnknown)
    {
        var traits = SchedulerCatalog.Find(scheduler.Name)!.Traits;
        var isByPort = scheduler.Parameters.Any(static p => p == new SchedulerParameter("hash-on", "source-port"));
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
