using System.Diagnostics;
using L4Lb.K8s.Client;
using L4Lb.K8s.Controllers;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>The provider while this process is the leader. It knows nothing of earlier terms but what the cluster says.</summary>
internal sealed class ProviderTerm : IDisposable
{
    private static readonly TimeSpan s_catchUp = TimeSpan.FromSeconds(1);

    // Stands in the queue for all who wait.
    private static readonly ObjectName s_waiting = new("", "");

    private readonly IKubernetesApi _api;
    private readonly ProviderInformers _informers;
    private readonly ProviderOptions _options;
    private readonly TimeProvider _time;
    private readonly Ownership _ownership;
    private readonly WorkQueue<ObjectName> _queue;
    private readonly RetryDelay<ObjectName> _delay = new();
    private readonly AddressLedger _ledger;
    private readonly EventRecorder _events;
    private readonly PoolKeeper _pools;
    private readonly ServiceReconciler _services;
    private readonly Action<string> _problem;
    private readonly KnownServices _known;

    public ProviderTerm(
        IKubernetesApi api, ProviderInformers informers, ProviderOptions options, TimeProvider time, Func<double> dice,
        Action<string> problem, Action<EventNote> report)
    {
        (_api, _informers, _options, _time) = (api, informers, options, time);
        _ownership = new(options);
        _queue = new(time, dice);
        _ledger = new(() => _queue.Add(s_waiting), () => _pools?.Touch());
        _events = new(api, "l4lb.io/provider", options.Instance, time);
        _events.Recorded += report;
        _pools = new(api, informers.Pools, _ledger, _events, AddAll, options.PoolStatusInterval, time);
        _known = new(informers.Services);
        _services = new(api, _ownership, _ledger, _events, _known, options, time);
        _problem = problem;
    }

    /// <summary>How much of each pool is taken.</summary>
    public IReadOnlyList<PoolUsage> Usage => _ledger.Usage();

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken leadership)
    {
        await _informers.WaitForSyncAsync(leadership);
        var services = await new FreshStart(_api, _informers, _options.Namespace, _problem, _time).ReadAsync(leadership);
        _pools.Start();
        Reclaim(services);

        _informers.Services.Changed += OnService;
        _informers.Namespaces.Changed += OnNamespace;
        foreach (var service in services.OrderBy(static service => service.Metadata.CreationTimestamp))
        {
            _queue.Add(service.Metadata.ObjectName);
        }

        AddAll();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(leadership);
        Task[] tasks =
        [
            _pools.RunAsync(over.Token), _events.RunAsync(over.Token),
            .. Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(over.Token)),
        ];

        // None ends before it is cancelled, unless by a bug, which is better heard of than half a provider.
        await Task.WhenAny(tasks);
        await over.CancelAsync();
        await Task.WhenAll(tasks);
    }

    /// <summary>Follows no more.</summary>
    public void Dispose()
    {
        _informers.Services.Changed -= OnService;
        _informers.Namespaces.Changed -= OnNamespace;
        _pools.Dispose();
        _ = _queue.CloseAsync();
    }

    /// <summary>
    /// Gives everybody back what they had, before anybody gets anything new; those who are to leave too, since what they had is
    /// theirs until their status says so. Of two who show the same, be it by whose fault it may, the older one keeps it.
    /// </summary>
    private void Reclaim(IEnumerable<Service> services)
    {
        foreach (var service in services.Where(_ownership.Concerns).OrderBy(_ownership.MustLeave)
            .ThenBy(static service => service.Metadata.CreationTimestamp).ThenBy(static service => service.Metadata.ObjectName))
        {
            _known.Learn(service);
            if (!_services.IsSomebodyElses(service))
            {
                _ledger.Reclaim(service, _informers.LabelsOf(service.Metadata.Namespace));
            }
        }
    }

    private async Task WorkAsync(CancellationToken leadership)
    {
        await foreach (var name in _queue.ReadAllAsync(leadership))
        {
            if (name == s_waiting)
            {
                foreach (var granted in _ledger.Grant())
                {
                    _queue.Add(granted);
                }

                _queue.Done(name);
                continue;
            }

            var service = _known.Newest(name);
            using var activity = Tracing.Start("provider.reconcile", name.Namespace, name.Name);
            try
            {
                await ReconcileAsync(name, service, leadership);
                _queue.Forget(name);
                _delay.Forget(name);
            }
            catch (ApiException e)
            {
                activity?.SetStatus(ActivityStatusCode.Error, e.Message);
                Retry(name, service, e);
            }
            finally
            {
                _queue.Done(name);
            }
        }
    }

    private async Task ReconcileAsync(ObjectName name, Service? service, CancellationToken leadership)
    {
        if (service is not null && _ownership.Concerns(service))
        {
            await _services.ReconcileAsync(service, _informers.LabelsOf(name.Namespace), leadership);
        }
        else if (_ledger.Knows(name))
        {
            await ForgetAsync(name, leadership);
        }
        else if (service is null)
        {
            _known.Forget(name);
        }
    }

    /// <summary>
    /// Takes back what a Service has that is gone or none of ours, which happens to whoever loses the finalizer in another way
    /// than by us. To the informer, what it has not seen yet looks the same: so the server is asked. Whoever has lost all that
    /// says that it is ours is still known to have been, and cleaned up after.
    /// </summary>
    private async Task ForgetAsync(ObjectName name, CancellationToken leadership)
    {
        try
        {
            var service = await _api.GetAsync(Resources.Services, name, leadership);
            if (_ownership.Concerns(service))
            {
                _queue.AddAfter(name, s_catchUp);
                return;
            }

            if (Ownership.IsNobodys(service) && _known.WasTaken(service))
            {
                await _services.CleanUpAsync(service, leadership);
            }
        }
        catch (ApiException e) when (e.Status.IsNotFound)
        {
            // As it seemed.
            _known.Forget(name);
        }

        _ledger.Release(name);
    }

    private void Retry(ObjectName name, Service? service, ApiException failure)
    {
        // Somebody was faster, or the Service is gone: soon it will be seen as it is now.
        if (failure.Status.IsConflict || failure.Status.IsNotFound)
        {
            _queue.Retry(name);
            return;
        }

        _queue.AddAfter(name, _delay.Next(name, failure.Status));
        if (service is not null)
        {
            _services.Record(service, true, EventReasons.SyncFailed, "SyncLoadBalancer", $"Error syncing load balancer: {failure.Message}");
        }
    }

    private void OnService(ObjectChange<Service> change)
    {
        if ((change.Before is { } before && _ownership.Concerns(before)) || (change.After is { } after && _ownership.Concerns(after)))
        {
            _queue.Add(change.Name);
        }
    }

    private void OnNamespace(ObjectChange<Namespace> change)
    {
        if (change is { Before: { } before, After: { } after } && before.Metadata.Labels.SequenceEqual(after.Metadata.Labels))
        {
            return;
        }

        foreach (var service in _informers.Services.Items)
        {
            if (service.Metadata.Namespace == change.Name.Name && _ownership.Concerns(service))
            {
                _queue.Add(service.Metadata.ObjectName);
            }
        }
    }

    private void AddAll()
    {
        foreach (var service in _informers.Services.Items)
        {
            if (_ownership.Concerns(service))
            {
                _queue.Add(service.Metadata.ObjectName);
            }
        }
    }
}
