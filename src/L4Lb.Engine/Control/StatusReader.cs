using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Control;

/// <summary>Reads identities and counters into what is shown. Any thread.</summary>
internal static class StatusReader
{
    internal static ServiceStatus Read(ServiceEntry entry)
    {
        var service = entry.Service;
        var snapshot = service.Snapshot;
        var nowMs = Environment.TickCount64;
        var weights = Weights(snapshot);
        var identities = entry.Published;
        var backends = new List<BackendStatus>(snapshot.Spec.Backends.Count);
        foreach (var spec in snapshot.Spec.Backends)
        {
            backends.Add(identities.TryGetValue(AddressKey.From(spec.Address), out var backend)
                ? new BackendStatus(spec, backend.Load.Active, backend.Total, backend.Connects.Failed)
                {
                    EffectiveWeight = weights.GetValueOrDefault(backend),
                    WeightOverride = backend.Override.Weight,
                    IsDrained = backend.Override.IsDrained,
                    Health = Read(backend.Health, backend.Checks),
                    Traffic = TrafficStatus.Sum(backend.Traffic.All),
                }
                : new BackendStatus(spec, 0, 0, 0));
        }

        var affinity = snapshot.Affinity is { } table ? Read(table, nowMs) : null;
        return new ServiceStatus(snapshot.Spec, service.Active, service.Total, backends, affinity)
        {
            Waiting = service.Queue.Count,
            Sessions = service.Counters.All.ToList() is { Count: > 0 } counters ? new SessionTotals(counters) : SessionTotals.None,
            Sources = service.Sources is { } sources && sources.Measure(nowMs) is var known
                ? new SourceStatus(known.Sources, known.Denied, known.Open, sources.Refused)
                : null,
        };
    }

    private static BackendHealthStatus Read(HealthVerdict verdict, CheckHistory checks) => new()
    {
        State = verdict.State,
        Reason = verdict.Reason,
        SinceUtc = verdict.SinceUtc,
        Drains = verdict.Drains,
        LastCheck = checks.Last,
        LastAgentCheck = checks.LastOfAgent,
        Checks = checks.Done,
        ChecksFailed = checks.Failed,
        Ejections = checks.Ejections,
    };

    /// <summary>Weight of each backend now, under policy Cluster where it serves under both.</summary>
    private static Dictionary<Backend, double> Weights(ServiceSnapshot snapshot)
    {
        var weights = new Dictionary<Backend, double>(snapshot.Cluster.Size);
        foreach (var pool in new[] { snapshot.Local, snapshot.Cluster })
        {
            for (var i = 0; i < pool.Size; i++)
            {
                weights[pool[i]] = pool.WeightOf(i);
            }
        }

        return weights;
    }

    private static AffinityStatus Read(AffinityTable affinity, long nowMs)
    {
        var entries = affinity.Count(nowMs);
        var counts = affinity.Counts;
        return new AffinityStatus(entries, affinity.MaxEntries)
        {
            Hits = counts.Hits,
            Misses = counts.Misses,
            Moves = counts.Moves,
            Evictions = counts.Evictions,
            Expirations = counts.Expirations,
        };
    }

    internal static LoadBalancerTotals Sum(IEnumerable<ShardCounters> shards)
    {
        var all = shards.ToArray();
        return new LoadBalancerTotals
        {
            Accepted = all.Sum(c => c.Accepted),
            Closed = Enum.GetValues<CloseReason>().ToDictionary(reason => reason, reason => all.Sum(c => c.Closed((int)reason))),
            ConnectAttempts = all.Sum(c => c.ConnectAttempts),
            ConnectFailures = all.Sum(c => c.ConnectFailures),
            Retries = all.Sum(c => c.Retries),
            ConnectTimes = new DurationHistogram(all.Select(c => c.ConnectTimes)),
            AcceptPauses = all.Sum(c => c.AcceptPauses),
            BytesFromClients = all.Sum(c => c.BytesFromClients),
            BytesFromBackends = all.Sum(c => c.BytesFromBackends),
            DatagramsFromClients = all.Sum(c => c.DatagramsFromClients),
            DatagramsFromBackends = all.Sum(c => c.DatagramsFromBackends),
            DatagramsOversized = all.Sum(c => c.DatagramsOversized),
            DatagramsDropped = all.Sum(c => c.DatagramsDropped),
            DatagramsResent = all.Sum(c => c.DatagramsResent),
        };
    }
}
