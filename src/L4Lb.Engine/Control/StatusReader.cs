using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Metrics;
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
        var backends = new List<BackendStatus>(snapshot.Spec.Backends.Count);
        foreach (var spec in snapshot.Spec.Backends)
        {
            backends.Add(identities.TryGetValue(AddressKey.From(spec.Address), out var backend)
                ? new BackendStatus(spec, backend.Load.Active, backend.Total, backend.ConnectFailures)
                : new BackendStatus(spec, 0, 0, 0));
        }

        return new ServiceStatus(
            snapshot.Spec, service.Active, service.Total, backends, snapshot.Affinity is { } affinity ? Read(affinity) : null);
    }

    private static AffinityStatus Read(AffinityTable affinity)
    {
        var entries = affinity.Count(Environment.TickCount64);
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
            AcceptPauses = all.Sum(c => c.AcceptPauses),
            BytesFromClients = all.Sum(c => c.BytesFromClients),
            BytesFromBackends = all.Sum(c => c.BytesFromBackends),
        };
    }
}
