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
        var identities = entry.Published;
        var weights = WeightsNow(snapshot);
        var backends = new List<BackendStatus>(snapshot.Spec.Backends.Count);
        foreach (var spec in snapshot.Spec.Backends)
        {
            var address = AddressKey.From(spec.Address);
            backends.Add(identities.TryGetValue(address, out var backend)
                ? new BackendStatus(spec, backend.Load.Active, backend.Total, backend.Connects.Failed)
                {
                    EffectiveWeight = weights.GetValueOrDefault(address),
                    Health = Read(backend.Health, backend.Checks),
                }
                : new BackendStatus(spec, 0, 0, 0));
        }

        return new ServiceStatus(
            snapshot.Spec, service.Active, service.Total, backends, snapshot.Affinity?.Count(Environment.TickCount64) ?? 0);
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

    /// <summary>Weights of those that some policy uses; of policy Cluster where both do, since panic may tell them apart.</summary>
    private static Dictionary<AddressKey, double> WeightsNow(ServiceSnapshot snapshot)
    {
        var weights = new Dictionary<AddressKey, double>(snapshot.Spec.Backends.Count);
        foreach (var (backend, weight) in snapshot.Cluster.Weights.Concat(snapshot.Local.Weights))
        {
            weights.TryAdd(backend.Address, weight);
        }

        return weights;
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
            AcceptPauses = all.Sum(c => c.AcceptPauses),
            BytesFromClients = all.Sum(c => c.BytesFromClients),
            BytesFromBackends = all.Sum(c => c.BytesFromBackends),
        };
    }
}
