using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Announcing;
using L4Lb.Host.Logging;
using L4Lb.K8s.Client;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Config;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Provider;

namespace L4Lb.Host.Running;

/// <summary>Everything of an instance that talks to a cluster's API server: informers, the provider, leases, events.</summary>
internal sealed class ClusterFollower : IAsyncDisposable
{
    private readonly ClusterSettings _settings;
    private readonly ClusterClient _client;
    private readonly ClusterInformers _informers;
    private readonly ClusterSource _cluster;
    private readonly LeadingProvider? _provider;
    private readonly CancellationTokenSource _ending = new();
    private AddressLeases? _leases;
    private Task _running = Task.CompletedTask;

    private ClusterFollower(ClusterSettings settings, KubernetesConnection connection, ILogger logger)
    {
        _settings = settings;
        _client = ClusterClient.Open(connection, new ClusterLog(logger));
        _informers = ClusterInformers.Open(_client, settings.Proxy);
        _cluster = _informers.Join(new ClusterPlanner(settings.Proxy));
        Source = new ClusterStateSource(_cluster);
        Node = _informers.FollowNode(settings.Proxy.NodeName);
        Events = new ServiceEvents(_client, _informers, settings.Identity);
        if (settings.Provider)
        {
            var options = new ProviderOptions { LoadBalancerClass = settings.Proxy.LoadBalancerClass, Instance = settings.Identity };
            _provider = new(_client, _informers, options, LeaseNamespace);
            _provider.Reported += note => ClusterLog.Reported(logger, note);
            _provider.LeaderChanged += (leads, holder, problem) => ClusterLog.Leads(logger, leads, holder, problem);
        }
    }

    /// <summary>What the cluster asks for; to be loaded once <see cref="SyncAsync"/> has ended well.</summary>
    public ClusterStateSource Source { get; }

    /// <summary>The node that this instance is on; null when it has no name.</summary>
    public OwnNode? Node { get; }

    /// <summary>Gives out addresses; null when it is not to.</summary>
    public LeadingProvider? Provider => _provider;

    /// <summary>Tells people in the cluster.</summary>
    public ServiceEvents Events { get; }

    /// <summary>The address pools, and who waits for an address.</summary>
    public PoolsAnswer Pools() => _provider is null
        ? PoolsAnswer.None
        : new PoolsAnswer(
            [.. _provider.Usage.Select(PoolAnswer.Of)],
            _provider.Leader is { Length: > 0 } leader ? leader : null,
            [.. Waiting().Select(PendingAnswer.Of)]);

    /// <summary>The Services that wait for an address, by name.</summary>
    public IEnumerable<WaitingService> Waiting() => _informers.KnownServices.Select(WaitingService.Of).OfType<WaitingService>()
        .OrderBy(static w => w.Name.Namespace, StringComparer.Ordinal).ThenBy(static w => w.Name.Name, StringComparer.Ordinal);

    private string LeaseNamespace => _settings.LeaseNamespace ?? _client.Namespace;

    /// <summary>There is something to load. On any thread; handlers return at once.</summary>
    public event Action? Changed
    {
        add => _cluster.Changed += value;
        remove => _cluster.Changed -= value;
    }

    /// <summary>Finds the cluster. Whether its API server answers is not asked.</summary>
    /// <exception cref="StartFailedException">There is no way to a cluster, or what says it cannot be used.</exception>
    public static ClusterFollower Open(ClusterSettings settings, ILogger logger)
    {
        try
        {
            var connection = KubernetesConnection.Discover(settings.Kubeconfig, settings.Context);
            ClusterLog.Following(logger, connection.ToString());
            return new(settings, connection, logger);
        }
        catch (KubernetesConnectionException e)
        {
            throw new StartFailedException($"--kubernetes: {e.Message}", e);
        }
    }

    /// <summary>The leases by which instances have an address one at a time; only where neighbours are told of it.</summary>
    public IAddressLeases Lease(AddressSettings addresses)
    {
        if (addresses.Announce != AnnounceMode.L2)
        {
            return new NoLeases();
        }

        _leases = _client.LeaseAddresses(new AddressLeaseOptions
        {
            Namespace = LeaseNamespace,
            Identity = _settings.Identity,
            Duration = addresses.Lease,
            NameOf = LeaseName.Of,
            Delay = address => TakingTurns.WaitOf(_settings.Identity, address),
        });
        return new ClusterLeases(_leases);
    }

    /// <summary>
    /// Begins to follow and waits until the cluster is known as a whole, however long its API server takes. Returns false when
    /// <paramref name="stopping"/> ended first.
    /// </summary>
    public async Task<bool> SyncAsync(Task stopping)
    {
        _running = Task.WhenAll(
            _informers.RunAsync(_ending.Token), Events.RunAsync(_ending.Token), _provider?.RunAsync(_ending.Token) ?? Task.CompletedTask);
        var synced = _cluster.WaitForSyncAsync(_ending.Token);
        return await Task.WhenAny(synced, stopping) == synced;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_leases is not null)
        {
            await _leases.DisposeAsync();
        }

        await _ending.CancelAsync();
        await _running;
        Node?.Dispose();
        _provider?.Dispose();
        _cluster.Dispose();
        _client.Dispose();
        _ending.Dispose();
    }
}
