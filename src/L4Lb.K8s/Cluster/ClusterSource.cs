using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Cluster;

/// <summary>
/// Joins a planner with the informers that know the cluster. A change only notes whose object it was; a plan looks up what
/// became of it, so it does not matter in which order the kinds hear of something, or how often. Any thread may raise
/// <see cref="Changed"/>; <see cref="Plan"/> is for one caller at a time.
/// </summary>
public sealed class ClusterSource : IDisposable
{
    private readonly ClusterPlanner _planner;
    private readonly IReadOnlyList<IChangeFeed> _feeds;

    // Whether a change was noted since the last plan began; before the first, everything counts as one.
    private int _isNoted = 1;

    /// <summary>Joins the informers, which may have begun already; kinds that are null are not looked at.</summary>
    internal ClusterSource(
        ClusterPlanner planner, IInformer<Service> services, IInformer<EndpointSlice>? slices, IInformer<Endpoints>? endpoints,
        IInformer<Node>? nodes)
    {
        _planner = planner;
        var feeds = new List<IChangeFeed>();
        Add(services, planner.SetService);
        Add(slices, planner.SetSlice);
        Add(endpoints, planner.SetEndpoints);
        Add(nodes, planner.SetNode);
        _feeds = feeds;

        void Add<T>(IInformer<T>? informer, Action<ObjectName, T?> set)
            where T : KubeObject
        {
            if (informer is not null)
            {
                feeds.Add(new ChangeFeed<T>(informer, set, Note));
            }
        }
    }

    /// <summary>
    /// There is something to plan. Raised once, however much it is, until the next <see cref="Plan"/>, and not before the first;
    /// on an informer's own task, so handlers return at once.
    /// </summary>
    public event Action? Changed;

    /// <summary>Whether every kind was seen as a whole once. A plan before that would take down what it has not heard of.</summary>
    public bool HasSynced => _feeds.All(static f => f.HasSynced);

    /// <summary>Ends when <see cref="HasSynced"/>.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellation) =>
        Task.WhenAll(_feeds.Select(f => f.WaitForSyncAsync(cancellation)));

    /// <summary>Plans what is asked for now.</summary>
    /// <exception cref="InvalidOperationException">It has not synced.</exception>
    public ClusterPlan Plan()
    {
        if (!HasSynced)
        {
            throw new InvalidOperationException("the cluster is not known as a whole yet");
        }

        // Before the notes are taken: what is noted from here on may or may not be in this plan, and calls for another.
        Interlocked.Exchange(ref _isNoted, 0);
        foreach (var feed in _feeds)
        {
            feed.Apply();
        }

        return _planner.Plan();
    }

    /// <summary>Listens to the informers no longer.</summary>
    public void Dispose()
    {
        foreach (var feed in _feeds)
        {
            feed.Dispose();
        }
    }

    private void Note()
    {
        if (Interlocked.Exchange(ref _isNoted, 1) == 0)
        {
            Changed?.Invoke();
        }
    }
}
