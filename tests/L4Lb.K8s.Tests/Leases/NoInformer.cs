using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Leases;

/// <summary>An informer whose events come from a test.</summary>
internal sealed class NoInformer : IInformer<Lease>
{
    public event Action<ObjectChange<Lease>>? Changed;

    public bool HasSynced => true;

    public IReadOnlyCollection<Lease> Items => [];

    public Task WaitForSyncAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Lease? Find(ObjectName name) => null;

    public void Tell(Lease? before, Lease? after) => Changed?.Invoke(new(before, after));
}
