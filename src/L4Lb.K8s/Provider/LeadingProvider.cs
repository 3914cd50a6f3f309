using L4Lb.K8s.Client;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>The provider of a cluster in one of several processes: it works in that which holds the lease.</summary>
public sealed class LeadingProvider : IDisposable
{
    /// <summary>Name of the Lease.</summary>
    public const string LeaseName = "l4lb-provider";

    private readonly Informer<Namespace> _namespaces;
    private readonly Informer<AddressPool> _pools;
    private readonly ProviderController _controller;
    private readonly LeaseElector _elector;

    /// <summary>Makes ready; nothing is asked of the cluster yet.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="cluster">Informers of the proxy controller, which somebody else runs.</param>
    /// <param name="options">Which Services to take care of; <see cref="ProviderOptions.Instance"/> is who we are.</param>
    /// <param name="leaseNamespace">Namespace of the Lease.</param>
    public LeadingProvider(ClusterClient client, ClusterInformers cluster, ProviderOptions options, string leaseNamespace)
    {
        _namespaces = client.Follow(Resources.Namespaces, ApiScope.All);
        _pools = client.Follow(Resources.AddressPools, ApiScope.All);
        _controller = new(client.Api, cluster.Services, _namespaces, _pools, options, TimeProvider.System, Random.Shared.NextDouble);
        var lease = new LeaseOptions { Name = new(leaseNamespace, LeaseName), Identity = options.Instance };
        _elector = new(client.Api, lease, TimeProvider.System, Random.Shared.NextDouble);
        _elector.Changed += status => LeaderChanged?.Invoke(status.Standing == LeaseStanding.Held, status.Holder, status.Problem);
    }

    /// <summary>Is told what happens, as the events in the cluster are. Any thread; it must not wait.</summary>
    public event Action<EventNote>? Reported
    {
        add => _controller.Reported += value;
        remove => _controller.Reported -= value;
    }

    /// <summary>Is told whether we lead, who does, and what went wrong with the last request, if anything. It must not wait.</summary>
    public event Action<bool, string, string?>? LeaderChanged;

    /// <summary>Competes for the lease, and works while it is held, until cancelled; then the lease is given back.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        _namespaces.RunAsync(cancellation), _pools.RunAsync(cancellation), _elector.RunAsync(_controller.RunAsync, cancellation));

    /// <inheritdoc/>
    public void Dispose() => _elector.Dispose();
}
