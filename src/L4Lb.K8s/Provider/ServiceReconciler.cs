using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Brings one Service to what it is to be: finalizer, address, status; and back in reverse. Every write is good only for the
/// version that it was decided on, and every step may be the last one: whoever comes next finds out what is left to do. Several
/// Services may be worked on at once, one Service only by one.
/// </summary>
/// <param name="api">The API server.</param>
/// <param name="ownership">Whose Services are ours.</param>
/// <param name="ledger">Who has which address.</param>
/// <param name="events">Is told what happens.</param>
/// <param name="known">Is told what a Service is after each write.</param>
/// <param name="options">What the provider was told.</param>
/// <param name="time">The clock of conditions.</param>
internal sealed class ServiceReconciler(
    IKubernetesApi api, Ownership ownership, AddressLedger ledger, EventRecorder events, KnownServices known,
    ProviderOptions options, TimeProvider time)
{
    // What is left of a lease after its holder has stopped: no other process is the leader before.
    private static readonly TimeSpan s_lastAnswer = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lastEffect = TimeSpan.FromSeconds(3);

    /// <summary>Does what is left to do.</summary>
    /// <param name="service">A Service that concerns us, as it was seen last.</param>
    /// <param name="namespaceLabels">Labels of its namespace.</param>
    /// <param name="cancellation">
    /// Begins nothing new; what is left is done by whoever comes next. A write that is on its way is waited for, for a while:
    /// nobody else is to decide anything before it is either done or can be done no more.
    /// </param>
    /// <exception cref="ApiException">A write failed: try again.</exception>
    public Task ReconcileAsync(
        Service service, IReadOnlyDictionary<string, string> namespaceLabels, CancellationToken cancellation) =>
        ownership.Wants(service) ? EnsureAsync(service, namespaceLabels, cancellation) : CleanUpAsync(service, cancellation);

    /// <summary>Records an event about a Service.</summary>
    public void Record(Service service, bool isWarning, string reason, string action, string note)
    {
        var (meta, kind) = (service.Metadata, service.Kind);
        events.Record(new(new EventSubject("v1", kind, meta.Namespace, meta.Name, meta.Uid), isWarning, reason, action, note));
    }

    private async Task EnsureAsync(
        Service service, IReadOnlyDictionary<string, string> namespaceLabels, CancellationToken cancellation)
    {
        if (!ownership.IsTaken(service))
        {
            if (IsSomebodyElses(service))
            {
                return;
            }

            service = await PatchAsync(service, null, ServicePatches.Take(service, options.LoadBalancerClass), cancellation);
        }

        known.Take(service);
        var answer = ledger.Decide(service, namespaceLabels);
        var (before, after) = (ServiceStatus.Of(service), ServiceStatus.For(service, answer, options.IPMode, time.GetUtcNow()));
        if (!after.IsSaidBy(before))
        {
            Announce(service, before, after);
            service = await PatchAsync(service, "status", ServicePatches.Status(service, after), cancellation);
            Conclude(service, before, after);
        }
        else if (known.IsDoubted(service))
        {
            // It says so here, but a write that we do not know the end of may say otherwise: this one comes before or after it.
            service = await PatchAsync(service, "status", ServicePatches.Status(service, after.ToldAnew(time.GetUtcNow())), cancellation);
        }

        ledger.Settle(service);
    }

    /// <summary>
    /// Whether a Service without a class shows addresses of no pool that we did not write: another provider's, and its users'
    /// connections would not survive if it were taken.
    /// </summary>
    public bool IsSomebodyElses(Service service) =>
        service.LoadBalancerClass is null && !ownership.IsOurs(service) && service.Ingress.Count > 0 && !ledger.HasAddressOf(service);

    /// <summary>Takes back all that is ours of a Service.</summary>
    public async Task CleanUpAsync(Service service, CancellationToken cancellation)
    {
        var name = service.Metadata.ObjectName;
        Record(service, false, EventReasons.Deleting, "DeleteLoadBalancer", "Deleting load balancer");
        var cleared = ServiceStatus.Cleared(service, keepsIngress: IsHandedOver(service));
        if (!cleared.IsSaidBy(ServiceStatus.Of(service)) && !GoesWithUs(service))
        {
            if (!ownership.IsMarked(service))
            {
                // Without its status nothing else would say that it is ours, should we be stopped before the end.
                service = await PatchAsync(service, null, ServicePatches.Mark(service, options.LoadBalancerClass), cancellation);
            }

            // Now the address is free. Where there is nothing to be cleared, only the next write tells that this is still so.
            service = await PatchAsync(service, "status", ServicePatches.Status(service, cleared), cancellation);
            ledger.Release(name);
        }

        try
        {
            await PatchAsync(service, null, ServicePatches.Leave(service), cancellation);
        }
        catch (ApiException e) when (e.Status.IsNotFound)
        {
            // Somebody has removed our finalizer, and with it the Service.
        }

        ledger.Release(name);
        Record(service, false, EventReasons.Deleted, "DeleteLoadBalancer", "Deleted load balancer");
    }

    /// <summary>Whether nothing but our finalizer keeps a Service: with that its status is gone too.</summary>
    private static bool GoesWithUs(Service service) =>
        service.Metadata.DeletionTimestamp is not null && service.Metadata.Finalizers is [Ownership.CleanupFinalizer];

    /// <summary>Whether another provider, whose Service it is now, has written its own addresses already.</summary>
    private bool IsHandedOver(Service service) =>
        service.Type == "LoadBalancer" && service.Metadata.DeletionTimestamp is null
        && service.Ingress.Any(ingress => !ledger.IsOurs(service, ingress.IP));

    private async Task<Service> PatchAsync(
        Service service, string? subresource, ReadOnlyMemory<byte> patch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var end = cancellation.Register(() => patience.CancelAfter(s_lastAnswer));
        try
        {
            var written = await api.MergePatchAsync(
                Resources.Services, service.Metadata.ObjectName, subresource, patch, patience.Token);
            known.Learn(written);
            return written;
        }
        catch (ApiException)
        {
            known.Doubt(service);
            throw;
        }
        catch (OperationCanceledException)
        {
            // The server gives up what nobody waits for, or is about to do it.
            await Task.Delay(s_lastEffect, time, CancellationToken.None);
            throw;
        }
    }

    private void Announce(Service service, ServiceStatus before, ServiceStatus after)
    {
        if (after.Ingress.Count > 0 && before.Ingress.Count == 0)
        {
            Record(service, false, EventReasons.Ensuring, "EnsureLoadBalancer", "Ensuring load balancer");
        }
    }

    private void Conclude(Service service, ServiceStatus before, ServiceStatus after)
    {
        var condition = after.Assigned!;
        if (condition.Reason != "Assigned")
        {
            Record(service, true, EventReasons.AllocationFailed, "EnsureLoadBalancer", condition.Message);
        }
        else if (before.Ingress.Count == 0)
        {
            Record(service, false, EventReasons.Ensured, "EnsureLoadBalancer", $"Ensured load balancer: {condition.Message}");
        }
        else if (!after.Addresses.SequenceEqual(before.Addresses))
        {
            Record(service, false, EventReasons.Updated, "EnsureLoadBalancer", $"Updated load balancer: {condition.Message}");
        }

        foreach (var address in before.Addresses.Except(after.Addresses))
        {
            if (ledger.RivalOf(service, address) is { } rival)
            {
                Record(service, true, EventReasons.Duplicate, "EnsureLoadBalancer", $"{address} belongs to {rival}, which keeps it");
            }
        }
    }
}
