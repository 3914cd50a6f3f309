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
        var specs = spec.Backends.AsSpan().ToArray().Where(backend => (backend.Scopes & scope) != 0).ToArray();
        var identities = Array.ConvertAll(specs, backend => backends[AddressKey.From(backend.Address)]);
        var weights = EffectiveWeights.Of(specs, identities, spec.Health.WhenAllDown);
        var candidates = new Candidate[specs.Length];
        for (var i = 0; i < specs.Length; i++)
        {
            candidates[i] = new Candidate(identities[i].Address, weights.Now[i], identities[i].Load, weights.Full[i])
            {
                Factor = weights.Factors[i],
            };
        }

        var scheduler = SchedulerCatalog.Build(spec.Scheduler, candidates, memory);
        var shown = weights.Full.Zip(weights.Factors, static (full, factor) => full * factor).ToArray();
        return new BackendPool(identities, weights.Now, scheduler, indexed: spec.Affinity is not null, shown)
        {
            Hash = BuildHash(spec.Affinity, candidates, memory),
            LastResort = weights.LastResort,
            Waits = spec.Affinity?.WhenGone == AffinityWhenGone.WaitForDrain ? Draining(identities, weights) : null,
        };
    }

    /// <summary>Hashes clients to candidates; affinity of scope service is about hosts, so the ports must not matter then.</summary>
    private static IScheduler? BuildHash(AffinitySpec? affinity, Candidate[] candidates, SchedulerMemory memory)
    {
        if (affinity?.FirstPick != AffinityFirstPick.ConsistentHash)
        {
            return null;
        }

        var named = affinity.Scope == AffinityScope.Service
            ? Array.ConvertAll(candidates, static c => c with { Address = c.Address with { Port = 0 } })
            : candidates;
        return SchedulerCatalog.Build(AffinitySpec.ConsistentHashScheduler, named, new SchedulerMemory(seed: 0, memory.Total));
    }

    /// <summary>Those that could serve and have no weight: it was taken from them on purpose.</summary>
    private static bool[] Draining(Backend[] backends, EffectiveWeights weights) =>
        [.. backends.Select((backend, i) => weights.Now[i] == 0 && backend.Health.IsUsable)];
}
