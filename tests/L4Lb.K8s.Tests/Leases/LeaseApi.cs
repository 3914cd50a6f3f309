using System.Collections.Concurrent;
using L4Lb.K8s.Client;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Tests.Leases;

/// <summary>A server that keeps one Lease and answers at once, refuses, or does not answer, as a test says.</summary>
internal sealed class LeaseApi : IKubernetesApi
{
    private readonly SimulatedLease _lease = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Lock _lock = new();

    /// <summary>What comes before an answer; what it throws is the answer.</summary>
    public Func<LeaseAct, CancellationToken, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>What comes between an answer and its arrival.</summary>
    public Func<LeaseAct, CancellationToken, Task> After { get; set; } = static (_, _) => Task.CompletedTask;

    public IReadOnlyList<string> Requests => [.. _requests];

    public Lease? Lease
    {
        get
        {
            lock (_lock)
                return _lease.Current;
        }
    }

    public static Func<LeaseAct, CancellationToken, Task> Refuses(int code, string reason) =>
        (_, _) => throw new ApiException(new(code, reason, $"it says {reason}"), "PUT /");

    public static Func<LeaseAct, CancellationToken, Task> Hangs { get; } =
        static (_, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, cancellation);

    /// <summary>Somebody else changes it.</summary>
    public void Change(Func<Lease, Lease> change)
    {
        lock (_lock)
            _lease.Do(new(LeaseAct.Replace, default, change(_lease.Current!)));
    }

    public void Create(Lease lease)
    {
        lock (_lock)
            _lease.Do(new(LeaseAct.Create, default, lease));
    }

    async Task<T> IKubernetesApi.GetAsync<T>(Resource<T> resource, ObjectName name, CancellationToken cancellation) =>
        (T)(object)await DoAsync(LeaseAct.Read, default, cancellation);

    async Task<T> IKubernetesApi.CreateAsync<T>(
        Resource<T> resource, string @namespace, ReadOnlyMemory<byte> json, CancellationToken cancellation) =>
        (T)(object)await DoAsync(LeaseAct.Create, json, cancellation);

    async Task<T> IKubernetesApi.ReplaceAsync<T>(
        Resource<T> resource, ObjectName name, ReadOnlyMemory<byte> json, CancellationToken cancellation) =>
        (T)(object)await DoAsync(LeaseAct.Replace, json, cancellation);

    Task<ApiList<T>> IKubernetesApi.ListAsync<T>(Resource<T> resource, ApiScope scope, CancellationToken cancellation) =>
        throw new NotSupportedException();

    IAsyncEnumerable<WatchEvent<T>> IKubernetesApi.WatchAsync<T>(
        Resource<T> resource, ApiScope scope, string resourceVersion, CancellationToken cancellation) =>
        throw new NotSupportedException();

    Task<T> IKubernetesApi.MergePatchAsync<T>(
        Resource<T> resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> json, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private async Task<Lease> DoAsync(LeaseAct act, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        var lease = json.IsEmpty ? null : Resources.Leases.Read((MappingNode)JsonTreeReader.Read(json.Span)!);
        _requests.Enqueue(lease is null ? $"{act}" : $"{act} {lease.Holder}".Trim());
        await Before(act, cancellation);
        object answer;
        lock (_lock)
            answer = _lease.Do(new(act, default, lease));

        await After(act, cancellation);
        return answer as Lease ?? throw new ApiException((ApiStatus)answer, $"{act}");
    }
}
