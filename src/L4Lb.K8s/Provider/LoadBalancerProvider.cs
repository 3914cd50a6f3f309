using L4Lb.K8s.Client;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// A provider of load balancer addresses with all that it needs: it follows AddressPools and namespaces, competes for the Lease
/// <c>l4lb-provider</c>, and takes care of Services while it has that. Any number of processes may run one.
/// </summary>
public sealed class LoadBalancerProvider : IDisposable
{
    /// <summary>Name of the Lease of the leader.</summary>
    public const string LeaseName = "l4lb-provider";

    // After what is a bug: long enough for another process to become the leader.
    private static readonly TimeSpan s_restart = TimeSpan.FromSeconds(30);

    private readonly IKubernetesApi _api;
    private readonly Informer<Namespace> _namespaces;
    private readonly Informer<AddressPool> _pools;
    private readonly ProviderController _controller;
    private readonly LeaseElector _elector;
    private readonly ProviderOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Creates a provider, which does not run yet.</summary>
    /// <param name="api">The API server; disposed of with the provider when it can be.</param>
    /// <param name="services">Services, which somebody else follows.</param>
    /// <param name="options">What the provider is told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="dice">Dice between 0 and 1 that spread retries.</param>
    /// <param name="log">Told what people may want to know of the informers.</param>
    internal LoadBalancerProvider(
        IKubernetesApi api, IInformer<Service> services, ProviderOptions options, TimeProvider time, Func<double> dice, IInformerLog log)
    {
        (_api, _options, _time) = (api, options, time);
        _namespaces = new(api, Resources.Namespaces, ApiScope.All, time, dice, log);
        _pools = new(api, Resources.AddressPools, ApiScope.All, time, dice, log);
        _controller = new(api, services, _namespaces, _pools, options, time, dice);
        _elector = new(
            api,
            new LeaseOptions
            {
                Name = new(options.LeaseNamespace, LeaseName),
                Identity = options.Instance,
                Terms = LeaseTerms.Of(options.LeaseDuration),
            },
            time, dice);
    }

    /// <summary>Is told what happens to Services and pools, as events in the cluster are. Any thread; it must not wait.</summary>
    public event Action<EventNote>? Reported
    {
        add => _controller.Reported += value;
        remove => _controller.Reported -= value;
    }

    /// <summary>How it is. Any thread.</summary>
    public ProviderStatus Status
    {
        get
        {
            var lease = _elector.Status;
            return new(lease.Standing == LeaseStanding.Held, lease.Since, lease.Holder, lease.Problem, _controller.Usage);
        }
    }

    /// <summary>Makes ready to take care of a cluster; nothing is asked of it yet.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="informers">Follow the Services; they are to run as long as the provider.</param>
    /// <param name="options">What the provider is told.</param>
    /// <param name="log">Told what people may want to know of the informers.</param>
    public static LoadBalancerProvider Open(
        KubernetesConnection connection, ClusterInformers informers, ProviderOptions options, IInformerLog log) =>
        new(connection.Open(), informers.Services, options, TimeProvider.System, Random.Shared.NextDouble, log);

    /// <summary>Runs until cancelled, whatever happens to the API server; gives the Lease back at the end. Not twice at once.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(_namespaces.RunAsync(cancellation), _pools.RunAsync(cancellation), LeadAsync(cancellation));

    /// <summary>Ends the connection; only once nothing runs.</summary>
    public void Dispose()
    {
        _elector.Dispose();
        (_api as IDisposable)?.Dispose();
    }

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
                // A bug: the Lease is given back, and another process may fare better.
                _controller.Report($"unforeseen: {e}");
                await Task.Delay(s_restart, _time, cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }
}

/// <summary>How a provider is.</summary>
/// <param name="IsLeader">Whether it is this process that takes care of Services.</param>
/// <param name="Since">Since when that is so, by the clock on the wall.</param>
/// <param name="Leader">Who does as far as is known; empty for nobody, or unknown.</param>
/// <param name="Problem">What went wrong with the last request for the Lease; null when nothing did.</param>
/// <param name="Pools">How much of each pool is taken; empty for who is not the leader.</param>
public sealed record ProviderStatus(
    bool IsLeader, DateTimeOffset Since, string Leader, string? Problem, IReadOnlyList<PoolUsage> Pools);
