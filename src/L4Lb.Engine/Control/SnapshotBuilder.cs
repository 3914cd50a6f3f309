using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Control;

/// <summary>Compiles what was asked of a service into what its sessions read. Pure but for the identities it is given.</summary>
internal static class SnapshotBuilder
{
    /// <param name="spec">What was asked; validated.</param>
    /// <param name="backends">Identity of every backend of the spec.</param>
    /// <param name="clusterMemory">What the scheduler under policy Cluster remembers.</param>
    /// <param name="localMemory">What the scheduler under policy Local remembers.</param>
    /// <param name="affinity">The service's table; null without affinity.</param>
    internal static ServiceSnapshot Build(
        ServiceSpec spec,
        IReadOnlyDictionary<AddressKey, Backend> backends,
        SchedulerMemory clusterMemory,
        SchedulerMemory localMemory,
        AffinityTable? affinity)
    {
        return new ServiceSnapshot(
            spec,
            BuildPool(spec, BackendScope.Cluster, backends, clusterMemory),
            BuildPool(spec, BackendScope.Local, backends, localMemory),
            affinity);
    }

    private static BackendPool BuildPool(
        ServiceSpec spec, BackendScope scope, IReadOnlyDictionary<AddressKey, Backend> backends, SchedulerMemory memory)
    {
        var eligible = new List<Backend>(spec.Backends.Count);
        var candidates = new List<Candidate>(spec.Backends.Count);
        foreach (var backend in spec.Backends)
        {
            if ((backend.Scopes & scope) == 0 || backend.Weight == 0)
            {
                continue;
            }

            var identity = backends[AddressKey.From(backend.Address)];
            eligible.Add(identity);
            candidates.Add(new Candidate(identity.Address, backend.Weight, identity.Load));
        }

        var scheduler = SchedulerCatalog.Build(spec.Scheduler, [.. candidates], memory);
        return new BackendPool([.. eligible], scheduler, indexed: spec.Affinity is not null);
    }
}
