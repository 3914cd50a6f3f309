using System.Collections.Concurrent;
using System.Threading.Channels;
using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>An informer that follows a store, on a task of its own as a real one does, or not at all while it is paused.</summary>
internal sealed class StoreInformer<T> : IInformer<T>, IDisposable
    where T : KubeObject
{
    private readonly Channel<WatchSignal> _changes = Channel.CreateUnbounded<WatchSignal>();
    private readonly ConcurrentDictionary<ObjectName, T> _items = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ObjectStore _store;

    public StoreInformer(ObjectStore store, Resource<T> resource)
    {
        _store = store;
        store.Subscribe(null, _changes.Writer);
        _ = FollowAsync(resource, _changes.Reader.Count);
    }

    public event Action<ObjectChange<T>>? Changed;

    public bool HasSynced => _synced.Task.IsCompleted;

    public IReadOnlyCollection<T> Items => [.. _items.Values];

    public Task WaitForSyncAsync(CancellationToken cancellation) => _synced.Task.WaitAsync(cancellation);

    public T? Find(ObjectName name) => _items.GetValueOrDefault(name);

    /// <summary>Hears nothing until it is resumed.</summary>
    public Task PauseAsync() => _gate.WaitAsync();

    public void Resume() => _gate.Release();

    public void Dispose() => _store.Unsubscribe(_changes.Writer);

    private async Task FollowAsync(Resource<T> resource, int first)
    {
        var kind = StoreApi.KindOf(resource);
        for (var i = 0; ; i++)
        {
            if (i == first)
            {
                _synced.SetResult();
            }

            if (await _changes.Reader.ReadAsync() is not WatchSignal.Change change || change.Key.Kind != kind)
            {
                continue;
            }

            await _gate.WaitAsync();
            _gate.Release();
            var name = new ObjectName(change.Key.Namespace, change.Key.Name);
            var before = _items.GetValueOrDefault(name);
            if (change.After is { } document)
            {
                _items[name] = StoreApi.Read(resource, document);
            }
            else
            {
                _items.TryRemove(name, out _);
            }

            Changed?.Invoke(new(before, _items.GetValueOrDefault(name)));
        }
    }
}
