using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health;
using L4Lb.Engine.Limits;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Control;

/// <summary>
/// The only writer: turns a desired state into services, snapshots and listeners, one change at a time, touching only
/// what differs. All members may be called from any thread.
/// </summary>
internal sealed class ControlPlane(
    IReadOnlyList<ShardWorker> workers, Admission admission, LoadBalancerOptions options, HealthMonitor health)
    : IDisposable
{
    private readonly SemaphoreSlim _oneWriter = new(1, 1);

    // Under _oneWriter.
    private readonly Dictionary<ServiceKey, ServiceEntry> _services = [];
    private readonly AffinityTables _affinity = new();
    private readonly ListenerTable _listeners = new(workers, admission, options);
    private bool _closed;

    // Any thread (Interlocked). Null once a desired state has come.
    private IReadOnlyList<AffinityTableState>? _affinityToRestore = [];

    // Published by the writer, read by any thread.
    private volatile DesiredState _desired = new();
    private volatile ServiceEntry[] _published = [];
    private volatile ListenerStatus[] _statuses = [];
    private volatile int _affinityRestored;

    /// <summary>The state in force.</summary>
    internal DesiredState Desired => _desired;

    /// <summary>Every service in force, in no particular order.</summary>
    internal IReadOnlyList<ServiceEntry> Services => _published;

    /// <summary>Every listen that was asked for.</summary>
    internal IReadOnlyList<ListenerStatus> Listeners => _statuses;

    /// <summary>Affinity entries that were restored.</summary>
    internal int AffinityRestored => _affinityRestored;

    /// <summary>Keeps <paramref name="tables"/> for the first desired state.</summary>
    internal void RestoreAffinity(IReadOnlyList<AffinityTableState> tables)
    {
        if (Interlocked.Exchange(ref _affinityToRestore, tables) is null)
        {
            throw new InvalidOperationException("affinity can be restored only before the first desired state");
        }
    }

    /// <summary>Puts <paramref name="desired"/> in force, or refuses it as a whole.</summary>
    internal async ValueTask<ApplyResult> ApplyAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
            {
                return new ApplyResult(desired.Revision, [new("", "the load balancer is closing")], 0);
            }

            var errors = DesiredStateValidator.Validate(desired, SchedulerCatalog.Validate, _desired);
            if (errors.Count > 0)
            {
                return new ApplyResult(desired.Revision, errors, 0);
            }

            var diff = StateDiff.Between(_desired, desired);
            var leaving = new Leaving();
            foreach (var spec in diff.Removed)
            {
                Remove(spec, leaving);
            }

            var changed = diff.Changed.ToDictionary(spec => spec.Key, spec => Put(spec, leaving));
            if (Interlocked.Exchange(ref _affinityToRestore, null) is { Count: > 0 } tables)
            {
                _affinityRestored = AffinityTransfer.Restore(tables, _services.Values, Environment.TickCount64);
            }

            await _listeners.UpdateAsync(diff.Removed.Select(spec => spec.Key), changed);
            leaving.Drain(workers);
            Publish(desired, diff);
            Observe(diff);
            return new ApplyResult(desired.Revision, [], diff.Count);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>
    /// Compiles services anew from the same desired state, because what else they depend on has changed: health, or
    /// what an operator set. Services that are not in force are passed over.
    /// </summary>
    internal async ValueTask RepublishAsync(IEnumerable<ServiceKey> services, CancellationToken cancellationToken = default)
    {
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            await CompileAsync(services);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>Changes what an operator set for a backend, and compiles its service anew.</summary>
    internal async ValueTask<OverrideResult> OverrideAsync(
        ServiceKey service, IPEndPoint backend, Func<OperatorOverride, OperatorOverride> change, CancellationToken cancellationToken)
    {
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            var result = Overrides.Change(_services.GetValueOrDefault(service), backend, change);
            if (result == OverrideResult.Done)
            {
                await CompileAsync([service]);
            }

            return result;
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>Closes every listener; sessions go on. Nothing can be applied afterwards.</summary>
    internal async Task CloseListenersAsync()
    {
        await _oneWriter.WaitAsync();
        try
        {
            _closed = true;
            await _listeners.CloseAllAsync();
            PublishListeners();
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    public void Dispose() => _oneWriter.Dispose();

    private async ValueTask CompileAsync(IEnumerable<ServiceKey> services)
    {
        var entries = _closed ? [] : services.Where(_services.ContainsKey).Select(key => _services[key]).ToArray();
        var leaving = new Leaving(); // Nobody: what is asked for is the same.
        var changed = entries.ToDictionary(entry => entry.Service.Key, entry => Put(entry.Service.Snapshot.Spec, leaving));
        if (changed.Count > 0)
        {
            await _listeners.UpdateAsync([], changed);
            PublishListeners();
        }
    }

    private ListenerTarget[] Put(ServiceSpec spec, Leaving leaving)
    {
        _services.TryGetValue(spec.Key, out var entry);
        var old = entry?.Service.Snapshot.Spec;
        var backends = entry?.Backends ?? [];
        var total = entry?.Service.ClusterMemory.Total ?? new LoadTotal();
        foreach (var backend in ServiceEntry.Reconcile(backends, spec, total))
        {
            leaving.Add(backend, spec);
        }

        Overrides.Settle(old, spec, backends);
        var clusterMemory = entry?.Service.ClusterMemory ?? NewMemory(total);
        var localMemory = entry?.Service.LocalMemory ?? NewMemory(total);
        var affinity = _affinity.Exchange(old, spec);
        var snapshot = SnapshotBuilder.Build(spec, backends, clusterMemory, localMemory, affinity);
        if (entry is null)
        {
            entry = new ServiceEntry(new Service(spec.Key, snapshot, clusterMemory, localMemory), backends);
            _services.Add(spec.Key, entry);
        }

        entry.Publish();
        entry.Service.Snapshot = snapshot;
        leaving.AddListens(entry.Service, old, spec);
        entry.Service.Sources = SourceTable.Exchange(entry.Service.Sources, spec.Limits.PerSource);
        entry.Service.Queue.Offer();
        return [.. spec.Listens.Select(listen => new ListenerTarget(entry.Service, listen))];
    }

    private void Remove(ServiceSpec spec, Leaving leaving)
    {
        _services.Remove(spec.Key, out var entry);
        entry!.Service.IsRemoved = true;
        entry.Service.Queue.Offer();
        _affinity.Exchange(spec, null);
        foreach (var backend in ServiceEntry.Reconcile(entry.Backends, spec with { Backends = [] }))
        {
            leaving.Add(backend, spec);
        }
    }

    private void Observe(StateDiff diff) => health.Follow(
        [.. diff.Removed.Select(spec => spec.Key)],
        [.. diff.Changed.Select(spec => new ObservedService(spec, _services[spec.Key].Published))]);

    private void Publish(DesiredState desired, StateDiff diff)
    {
        _desired = desired;
        PublishListeners();
        if (diff.Count > 0)
        {
            _published = [.. _services.Values];
        }
    }

    private void PublishListeners()
    {
        _statuses = [.. _listeners.Statuses];
        options.ListenersChanged?.Invoke(_statuses);
    }

    private static SchedulerMemory NewMemory(LoadTotal total) => new(unchecked((ulong)Random.Shared.NextInt64()), total);
}
