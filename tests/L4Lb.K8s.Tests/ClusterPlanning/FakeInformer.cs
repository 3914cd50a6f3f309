using System.Collections.Concurrent;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>An informer whose server is the test.</summary>
internal sealed class FakeInformer<T> : IInformer<T>
    where T : KubeObject
{
    private readonly ConcurrentDictionary<ObjectName, T> _items = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event Action<ObjectChange<T>>? Changed;

    public bool HasSynced => _synced.Task.IsCompleted;

    public IReadOnlyCollection<T> Items => (IReadOnlyCollection<T>)_items.Values;

    public bool IsListenedTo => Changed is not null;

    public Task WaitForSyncAsync(CancellationToken cancellation) => _synced.Task.WaitAsync(cancellation);

    public T? Find(ObjectName name) => _items.GetValueOrDefault(name);

    public FakeInformer<T> Sync()
    {
        _synced.TrySetResult();
        return this;
    }

    public FakeInformer<T> Put(T item)
    {
        var before = Find(item.Metadata.ObjectName);
        _items[item.Metadata.ObjectName] = item;
        Changed?.Invoke(new(before, item));
        return this;
    }

    public FakeInformer<T> Delete(T item)
    {
        _items.TryRemove(item.Metadata.ObjectName, out var before);
        Changed?.Invoke(new(before, null));
        return this;
    }
}
