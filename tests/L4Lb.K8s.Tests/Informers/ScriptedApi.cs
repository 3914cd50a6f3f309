using System.Threading.Channels;
using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Informers;

/// <summary>
/// A server that answers lists and watches when a test says so and with what it says. A request waits until then; so a test
/// knows what the informer asks, and that it asks nothing else.
/// </summary>
internal sealed class ScriptedApi<T> : IKubernetesApi
    where T : KubeObject
{
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();

    /// <summary>The next list that is asked for.</summary>
    public async Task<Call> NextListAsync()
    {
        var call = await NextAsync();
        Assert.Null(call.Version);
        return call;
    }

    /// <summary>The next watch that is asked for, and it must be from a version.</summary>
    public async Task<Call> NextWatchAsync(string version)
    {
        var call = await NextAsync();
        Assert.Equal(version, call.Version);
        return call;
    }

    public bool IsAsked => _calls.Reader.TryPeek(out _);

    async Task<ApiList<TAny>> IKubernetesApi.ListAsync<TAny>(Resource<TAny> resource, ApiScope scope, CancellationToken cancellation)
    {
        var call = new Call(null);
        _calls.Writer.TryWrite(call);
        var list = await call.List.Task.WaitAsync(cancellation);
        return (ApiList<TAny>)(object)list;
    }

    async IAsyncEnumerable<WatchEvent<TAny>> IKubernetesApi.WatchAsync<TAny>(
        Resource<TAny> resource,
        ApiScope scope,
        string resourceVersion,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var call = new Call(resourceVersion);
        _calls.Writer.TryWrite(call);
        try
        {
            await foreach (var happened in call.Events.Reader.ReadAllAsync(cancellation))
            {
                yield return (WatchEvent<TAny>)(object)happened;
                call.Took();
            }
        }
        finally
        {
            call.TookAll();
        }
    }

    Task<TAny> IKubernetesApi.GetAsync<TAny>(Resource<TAny> resource, ObjectName name, CancellationToken cancellation) =>
        throw new NotSupportedException();

    Task<TAny> IKubernetesApi.MergePatchAsync<TAny>(
        Resource<TAny> resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> json, CancellationToken cancellation) =>
        throw new NotSupportedException();

    Task<TAny> IKubernetesApi.CreateAsync<TAny>(
        Resource<TAny> resource, string @namespace, ReadOnlyMemory<byte> json, CancellationToken cancellation) =>
        throw new NotSupportedException();

    Task<TAny> IKubernetesApi.ReplaceAsync<TAny>(
        Resource<TAny> resource, ObjectName name, ReadOnlyMemory<byte> json, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private async Task<Call> NextAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Eventually.Deadline);
        return await _calls.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>A request that waits for its answer.</summary>
    internal sealed class Call(string? version)
    {
        private int _told;
        private int _taken;

        /// <summary>Where a watch is to go on from; null for a list.</summary>
        public string? Version { get; } = version;

        public TaskCompletionSource<ApiList<T>> List { get; } = new();

        public Channel<WatchEvent<T>> Events { get; } = Channel.CreateUnbounded<WatchEvent<T>>();

        public void Answer(string version, params T[] items) => List.SetResult(new(items, version));

        /// <summary>Completes once the informer is done with the event, or with the watch.</summary>
        public Task TellAsync(WatchEventType type, T item) => TellAsync(new(type, item, item.Metadata.ResourceVersion));

        public Task BookmarkAsync(string version) => TellAsync(new(WatchEventType.Bookmark, null, version));

        public void Took() => Interlocked.Increment(ref _taken);

        public void TookAll() => Volatile.Write(ref _taken, int.MaxValue);

        public void End() => Events.Writer.Complete();

        public void Fail(int code, string reason, TimeSpan? retryAfter = null) =>
            Fail(new ApiException(new(code, reason, $"scripted {reason}") { RetryAfter = retryAfter }, "GET /"));

        public void Fail(Exception e)
        {
            List.TrySetException(e);
            Events.Writer.TryComplete(e);
        }

        public void Break() => Fail(0, ApiStatus.Unreachable);

        private Task TellAsync(WatchEvent<T> happened)
        {
            Events.Writer.TryWrite(happened);
            var told = ++_told;
            return Eventually.HoldsAsync(() => Volatile.Read(ref _taken) >= told, () => $"event {told} was not taken");
        }
    }
}
