using L4Lb.K8s.Cluster;

namespace L4Lb.Host.Running;

/// <summary>Follows a cluster for as long as an instance runs.</summary>
internal sealed class ClusterFollower : IAsyncDisposable
{
    private readonly ClusterInformers _informers;
    private readonly ClusterSource _cluster;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Makes ready to follow.</summary>
    public ClusterFollower(ClusterInformers informers, ProxyOptions options)
    {
        _informers = informers;
        _cluster = informers.Join(new ClusterPlanner(options));
        Source = new ClusterStateSource(_cluster);
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
        _ending.Dispose();
    }
}
