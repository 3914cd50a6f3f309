using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Informers;

/// <summary>
/// Follows a kind only while the server does not know a better one, as Endpoints in clusters without EndpointSlices. Once it knows
/// the better one, what was known of this one is gone: nothing is told twice.
/// </summary>
/// <param name="better">Follows the better kind; somebody else runs it.</param>
/// <param name="fallback">Follows this one; run by nobody else.</param>
internal sealed class FallbackInformer<TBetter, T>(Informer<TBetter> better, Informer<T> fallback) : IInformer<T>
    where TBetter : KubeObject
    where T : KubeObject
{
    /// <inheritdoc/>
    public event Action<ObjectChange<T>> Changed
    {
        add => fallback.Changed += value;
        remove => fallback.Changed -= value;
    }

    /// <summary>Whether it is known that the better kind exists, or the copy of this one was complete once.</summary>
    public bool HasSynced => better.HasSynced && (better.Served.IsCompleted || fallback.HasSynced);

    /// <inheritdoc/>
    public IReadOnlyCollection<T> Items => fallback.Items;

    /// <inheritdoc/>
    public T? Find(ObjectName name) => fallback.Find(name);

    /// <inheritdoc/>
    public async Task WaitForSyncAsync(CancellationToken cancellation)
    {
        await better.WaitForSyncAsync(cancellation);
        var either = await Task.WhenAny(better.Served, fallback.WaitForSyncAsync(cancellation));
        await either;
    }

    /// <summary>Follows this kind for as long as there is need, and ends when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await better.WaitForSyncAsync(cancellation);
            if (!better.Served.IsCompleted)
            {
                await RunUntilServedAsync(cancellation);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task RunUntilServedAsync(CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = fallback.RunAsync(enough.Token);
        await Task.WhenAny(running, better.Served);
        await enough.CancelAsync();
        await running;
        if (!cancellation.IsCancellationRequested)
        {
            fallback.Clear();
        }
    }
}
