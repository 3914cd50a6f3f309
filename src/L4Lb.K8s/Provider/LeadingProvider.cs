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

    /// <summary>Type of the condition of a Service that says whether it has its address, and if not, why.</summary>
    public const string AssignedCondition = "l4lb.io/AddressAssigned";

    // After what is a bug: long enough for another process to become the leader.
    private static readonly TimeSpan s_restart = TimeSpan.FromSeconds(30);

    private readonly Informer<Namespace> _namespaces;
    private readonly Informer<AddressPool> _pools;
    private readonly ProviderController _controller;
    private readonly LeaseElector _elector;
    private readonly TimeProvider _time;

    /// <summary>Makes ready; nothing is asked of the cluster yet.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="cluster">Informers of the proxy controller, which somebody else runs.</param>
    /// <param name="options">Which Services to take care of; <see cref="ProviderOptions.Instance"/> is who we are.</param>
    /// <param name="leaseNamespace">Namespace of the Lease.</param>
    public LeadingProvider(ClusterClient client, ClusterInformers cluster, ProviderOptions options, string leaseNamespace)
        : this(
            client.Api, cluster.Services,
            client.Follow(Resources.Namespaces, ApiScope.All), client.Follow(Resources.AddressPools, ApiScope.All), options,
            new LeaseOptions { Name = new(leaseNamespace, LeaseName), Identity = options.Instance },
            TimeProvider.System, Random.Shared.NextDouble)
    {
    }

    internal LeadingProvider(
        IKubernetesApi api, IInformer<Service> services, Informer<Namespace> namespaces, Informer<AddressPool> pools,
        ProviderOptions options, LeaseOptions lease, TimeProvider time, Func<double> dice)
    {
        (_namespaces, _pools, _time) = (namespaces, pools, time);
        _controller = new(api, services, namespaces, pools, options, time, dice);
        _elector = new(api, lease, time, dice);
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

    /// <summary>Whether it is this process that works. Any thread.</summary>
    public bool IsLeader => _elector.Status.Standing == LeaseStanding.Held;

    /// <summary>Who works as far as is known; empty for nobody, or unknown. Any thread.</summary>
    public string Leader => _elector.Status.Holder;

    /// <summary>How much of each pool is taken, by name; empty for who does not lead. Any thread.</summary>
    public IReadOnlyList<PoolUsage> Usage => _controller.Usage;

    /// <summary>Competes for the lease, and works while it is held, until cancelled; then the lease is given back.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(_namespaces.RunAsync(cancellation), _pools.RunAsync(cancellation), LeadAsync(cancellation));

    /// <inheritdoc/>
    public void Dispose() => _elector.Dispose();

    private async Task LeadAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await _elector.RunAsync(_controller.RunAsync, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                // A bug: the lease has been given back, and another process may fare better.
                _controller.Report($"unforeseen: {e}");
                await Task.Delay(s_restart, _time, cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }
}
