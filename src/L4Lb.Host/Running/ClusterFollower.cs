using L4Lb.Host.Logging;
using L4Lb.K8s.Client;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Config;

namespace L4Lb.Host.Running;

/// <summary>Follows a cluster for as long as an instance runs.</summary>
internal sealed class ClusterFollower : IAsyncDisposable
{
    private readonly ClusterInformers _informers;
    private readonly ClusterSource _cluster;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    private ClusterFollower(ClusterInformers informers, ProxyOptions options)
    {
        _informers = informers;
        _cluster = informers.Join(new ClusterPlanner(options));
        Source = new ClusterStateSource(_cluster);
    }

    /// <summary>Finds the cluster. Whether its API server answers is not asked.</summary>
    /// <exception cref="StartFailedException">There is no way to a cluster, or what says it cannot be used.</exception>
    public static ClusterFollower Open(ClusterSettings settings, ILogger logger)
    {
        try
        {
            var connection = KubernetesConnection.Discover(settings.Kubeconfig, settings.Context);
            ClusterLog.Following(logger, connection.ToString());
            return new(ClusterInformers.Open(connection, settings.Proxy, new ClusterLog(logger)), settings.Proxy);
        }
        catch (KubernetesConnectionException e)
        {
            throw new StartFailedException($"--kubernetes: {e.Message}", e);
        }
    }

    /// <summary>What the cluster asks for; to be loaded once <see cref="SyncAsync"/> has ended well.</summary>
    public ClusterStateSource Source { get; }

    /// <summary>There is something to load. On any thread; handlers return at once.</summary>
    public event Action? Changed
    {
        add => _cluster.Changed += value;
        remove => _cluster.Changed -= value;
    }

    /// <summary>
    /// Begins to follow and waits until the cluster is known as a whole, however long its API server takes. Returns false when
    /// <paramref name="stopping"/> ended first.
    /// </summary>
    public async Task<bool> SyncAsync(Task stopping)
    {
        _running = _informers.RunAsync(_ending.Token);
        var synced = _cluster.WaitForSyncAsync(_ending.Token);
        return await Task.WhenAny(synced, stopping) == synced;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _cluster.Dispose();
        _informers.Dispose();
        _ending.Dispose();
    }
}
