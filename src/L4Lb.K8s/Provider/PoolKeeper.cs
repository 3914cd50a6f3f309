using L4Lb.K8s.Client;
using L4Lb.K8s.Controllers;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Follows the pools: tells the ledger what they are, and their status how much of them is taken, at most so often. One task.
/// </summary>
/// <param name="api">The API server.</param>
/// <param name="pools">The pools.</param>
/// <param name="ledger">Is told of them.</param>
/// <param name="events">Is told of those that cannot be used.</param>
/// <param name="changed">Is told that Services may get other addresses now.</param>
/// <param name="interval">Time between two writes of counts.</param>
/// <param name="time">The clock.</param>
internal sealed class PoolKeeper(
    IKubernetesApi api, IInformer<AddressPool> pools, AddressLedger ledger, EventRecorder events, Action changed,
    TimeSpan interval, TimeProvider time) : IDisposable
{
    // There is one thing to do: a look at all of them.
    private const string All = "all";

    private readonly WorkQueue<string> _queue = new(time, static () => 0);
    private readonly RetryDelay<string> _delay = new();

    /// <summary>Follows changes of pools from now on.</summary>
    public void Start()
    {
        pools.Changed += OnChanged;
        ledger.SetPools(pools.Items);
        _queue.Add(All);
    }

    /// <summary>The counts may have changed.</summary>
    public void Touch() => _queue.AddAfter(All, interval);

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var key in _queue.ReadAllAsync(cancellation))
        {
            if (ledger.SetPools(pools.Items))
            {
                changed();
            }

            await WriteAllAsync(cancellation);
            _queue.Done(key);
        }
    }

    /// <summary>Follows no more.</summary>
    public void Dispose()
    {
        pools.Changed -= OnChanged;
        _ = _queue.CloseAsync();
    }

    // A status that somebody else wrote is put right, no more often than counts are.
    private void OnChanged(ObjectChange<AddressPool> change)
    {
        if (change is { Before: { } before, After: { } after } && before.SpecEquals(after))
        {
            Touch();
        }
        else
        {
            _queue.Add(All);
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        foreach (var usage in ledger.Usage())
        {
            if (pools.Find(new ObjectName("", usage.Name)) is not { } pool)
            {
                continue;
            }

            var status = PoolStatusText.For(pool, usage, time.GetUtcNow());
            if (status.IsSaidBy(pool.Status))
            {
                continue;
            }

            try
            {
                var patch = PoolStatusText.Patch(pool, status);
                await api.MergePatchAsync(Resources.AddressPools, pool.Metadata.ObjectName, "status", patch, cancellation);
                Record(pool, status);
                _delay.Forget(usage.Name);
            }
            catch (ApiException e)
            {
                // Most often the pool has changed, and is seen so at the next look.
                var isRace = e.Status.IsConflict || e.Status.IsNotFound;
                _queue.AddAfter(All, isRace ? interval : _delay.Next(usage.Name, e.Status));
            }
        }
    }

    private void Record(AddressPool pool, PoolStatus status)
    {
        var (before, after) = (ReadyOf(pool.Status), ReadyOf(status));
        if (after is { Status: "False" } && (before?.Status, before?.Message) != (after.Status, after.Message))
        {
            var about = new EventSubject("l4lb.io/v1alpha1", pool.Kind, "", pool.Metadata.Name, pool.Metadata.Uid);
            events.Record(new(about, true, EventReasons.InvalidPool, "ReadPool", after.Message));
        }
    }

    private static Condition? ReadyOf(PoolStatus? status) =>
        status?.Conditions.FirstOrDefault(static condition => condition.Type == PoolStatusText.Ready);
}
