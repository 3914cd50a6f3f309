using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Informers;

/// <summary>
/// Follows all objects of a scope: lists, then watches from the list's version for as long as versions can be gone on from. A
/// broken watch is taken up where it ended; only what the server has forgotten is listed anew. While the server is away nothing
/// changes here.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="resource">The kind.</param>
/// <param name="scope">Which objects of the kind.</param>
/// <param name="time">The clock of pauses and of the status.</param>
/// <param name="dice">Dice between 0 and 1 that spread retries.</param>
/// <param name="log">Told what people may want to know.</param>
internal sealed class Informer<T>(
    IKubernetesApi api, Resource<T> resource, ApiScope scope, TimeProvider time, Func<double> dice, IInformerLog log) : IInformer<T>
    where T : KubeObject
{
    // A server, or a proxy before it, that ends watches sooner than this is not to be asked again at once.
    private static readonly TimeSpan s_shortWatch = TimeSpan.FromSeconds(1);

    // What was told in another order than it happened cannot be mended but by looking anew.
    private static readonly ApiStatus s_wentBack = new(410, "Expired", "the watch told of an older version after a newer one");

    private readonly InformerStore<T> _store = new();
    private readonly InformerHealth _health = new(resource.ToString(), time, log);
    private readonly Backoff _backoff = new(time, dice);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The informer's task only. Null while all objects have to be read.
    private string? _version;

    /// <inheritdoc/>
    public event Action<ObjectChange<T>>? Changed;

    /// <summary>Whether the copy was complete once, or the server has said that it does not know the kind.</summary>
    public bool HasSynced => _synced.Task.IsCompleted;

    /// <inheritdoc/>
    public IReadOnlyCollection<T> Items => _store.Items;

    /// <summary>Ends when all objects were read once: then the server knows the kind.</summary>
    public Task Served => _served.Task;

    /// <summary>How it is. Any thread.</summary>
    public InformerStatus Status => _health.Status(_store.Count);

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancellation) => _synced.Task.WaitAsync(cancellation);

    /// <inheritdoc/>
    public T? Find(ObjectName name) => _store.Find(name);

    /// <summary>Follows the server until it is cancelled, whatever happens to the server. Not twice at once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var began = time.GetTimestamp();
                var failure = await FollowAsync(cancellation);
                if (failure is not null || time.GetElapsedTime(began) < s_shortWatch)
                {
                    await Task.Delay(_backoff.Next(failure?.RetryAfter), time, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end. What is known stays known.
        }
    }

    /// <summary>Forgets all objects, and says so: somebody else speaks for them now. Only while it does not run.</summary>
    public void Clear()
    {
        _version = null;
        foreach (var change in _store.Replace([]))
        {
            Raise(change);
        }
    }

    /// <summary>Returns why it came to an end; null when the server ended a watch in good order.</summary>
    private async Task<ApiStatus?> FollowAsync(CancellationToken cancellation)
    {
        try
        {
            _version ??= await ListAsync(cancellation);
            await foreach (var happened in api.WatchAsync(resource, scope, _version, cancellation))
            {
                _health.Heard();
                if (ResourceVersions.IsOlder(happened.ResourceVersion, _version))
                {
                    return Judge(s_wentBack);
                }

                Apply(happened);
                _version = happened.ResourceVersion;
            }

            return null;
        }
        catch (ApiException e)
        {
            return Judge(e.Status);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // A bug beneath must not leave a copy behind that is silently no longer one.
            _version = null;
            return Judge(new(0, ApiStatus.Unreachable, $"unforeseen: {e}"));
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var list = await api.ListAsync(resource, scope, cancellation);
        var changes = _store.Replace(list.Items);
        _health.Listed(list.Items.Count, changes.Count, time.GetElapsedTime(began));
        foreach (var change in changes)
        {
            Raise(change);
        }

        _served.TrySetResult();
        _synced.TrySetResult();
        return list.ResourceVersion;
    }

    private void Apply(WatchEvent<T> happened)
    {
        var change = happened switch
        {
            { Object: null } => null,
            { Type: WatchEventType.Deleted, Object.Metadata.ObjectName: var name } => _store.Remove(name),
            { Object: var item } => _store.Set(item),
        };
        if (change is { } real)
        {
            Raise(real);
        }
    }

    private ApiStatus Judge(ApiStatus status)
    {
        if (status.IsNotFound && !_served.Task.IsCompleted)
        {
            _health.NotServed();
            _synced.TrySetResult();
        }
        else if (status.IsExpired)
        {
            _version = null;
            _health.Relist(status.Message);
        }
        else
        {
            // What is wrong with the version itself, as one that is newer than a server restored from a backup, no
            // repetition cures.
            _version = status.Code is 400 or 404 or 422 or 504 ? null : _version;
            _health.Failed(status);
        }

        return status;
    }

    private void Raise(ObjectChange<T> change)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                handler(change);
            }
            catch (Exception e)
            {
                log.HandlerFailed(resource.ToString(), e);
            }
        }
    }
}
