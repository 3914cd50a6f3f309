using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Cluster;

/// <summary>One kind of object as <see cref="ClusterSource"/> sees it.</summary>
internal interface IChangeFeed : IDisposable
{
    /// <inheritdoc cref="IInformer{T}.HasSynced"/>
    bool HasSynced { get; }

    /// <inheritdoc cref="IInformer{T}.WaitForSyncAsync"/>
    Task WaitForSyncAsync(CancellationToken cancellation);

    /// <summary>Passes on what became of all that was noted since the last time.</summary>
    void Apply();
}

/// <summary>Notes which objects of an informer changed, until somebody wants to know what became of them.</summary>
/// <typeparam name="T">The kind.</typeparam>
internal sealed class ChangeFeed<T> : IChangeFeed
    where T : KubeObject
{
    // Immutable.
    private readonly IInformer<T> _informer;
    private readonly Action<ObjectName, T?> _set;
    private readonly Action _noted;
    private readonly Lock _lock = new();

    // Under the lock.
    private HashSet<ObjectName> _names = [];

    /// <summary>Listens to an informer, from its beginning: what it has already is noted, too.</summary>
    /// <param name="informer">The informer.</param>
    /// <param name="set">Takes what became of an object.</param>
    /// <param name="noted">Called after each note.</param>
    public ChangeFeed(IInformer<T> informer, Action<ObjectName, T?> set, Action noted)
    {
        _informer = informer;
        _set = set;
        _noted = noted;
        informer.Changed += Note; // Before the past is read: better twice than not at all.
        lock (_lock)
        {
            _names.UnionWith(informer.Items.Select(static i => i.Metadata.ObjectName));
        }
    }

    /// <inheritdoc/>
    public bool HasSynced => _informer.HasSynced;

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancellation) => _informer.WaitForSyncAsync(cancellation);

    /// <inheritdoc/>
    public void Apply()
    {
        HashSet<ObjectName> names;
        lock (_lock)
        {
            names = _names;
            _names = [];
        }

        foreach (var name in names)
        {
            _set(name, _informer.Find(name));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _informer.Changed -= Note;

    private void Note(ObjectChange<T> change)
    {
        lock (_lock)
        {
            _names.Add(change.Name);
        }

        _noted();
    }
}
