using System.Runtime.CompilerServices;
using L4Lb.K8s.Config;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Objects;

namespace L4Lb.K8s.Client;

/// <summary>The API server at the end of a connection.</summary>
internal sealed class KubernetesApi : IKubernetesApi, IDisposable
{
    private readonly ApiTransport _transport;
    private readonly ApiClientOptions _options;
    private readonly ApiCalls _calls;

    /// <summary>Connects when first asked something.</summary>
    /// <param name="connection">Which server.</param>
    /// <param name="options">How patiently; null for the defaults.</param>
    public KubernetesApi(ApiConnection connection, ApiClientOptions? options = null)
    {
        _options = options ?? new();
        _transport = new(connection, material => material.CreateHandler(connection));
        _calls = new(_transport, _options);
    }

    /// <inheritdoc/>
    public async Task<ApiList<T>> ListAsync<T>(Resource<T> resource, ApiScope scope, CancellationToken cancellation)
        where T : KubeObject
    {
        try
        {
            return await ListAsync(resource, scope, _options.PageSize, cancellation);
        }
        catch (ApiException e) when (e.Status.IsExpired)
        {
            // The first pages are from a moment that the server has forgotten: one answer cannot expire on the way.
            return await ListAsync(resource, scope, pageSize: null, cancellation);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        Resource<T> resource, ApiScope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
        where T : KubeObject
    {
        var duration = _options.ShortestWatch * (1 + _options.Random.NextDouble());
        var path = new ApiQuery(resource.Path(scope.Namespace))
            .Add(scope)
            .Add("watch", "true")
            .Add("allowWatchBookmarks", "true")
            .Add("resourceVersion", resourceVersion)
            .Add("timeoutSeconds", (int)duration.TotalSeconds)
            .ToString();
        using var watch = await WatchStream.OpenAsync(_transport, path, _options, cancellation);
        if (resourceVersion.Length > 0)
        {
            yield return new(WatchEventType.Bookmark, null, resourceVersion);
        }

        while (await watch.ReadAsync(resource) is { } next)
        {
            yield return next;
        }
    }

    /// <inheritdoc/>
    public Task<T> GetAsync<T>(Resource<T> resource, ObjectName name, CancellationToken cancellation)
        where T : KubeObject =>
        CallAsync(resource, HttpMethod.Get, resource.Path(name), default, cancellation);

    /// <inheritdoc/>
    public Task<T> MergePatchAsync<T>(
        Resource<T> resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject =>
        CallAsync(resource, HttpMethod.Patch, resource.Path(name, subresource), ApiBody.MergePatch(json), cancellation);

    /// <inheritdoc/>
    public Task<T> CreateAsync<T>(
        Resource<T> resource, string @namespace, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject =>
        CallAsync(resource, HttpMethod.Post, resource.Path(@namespace), ApiBody.Object(json), cancellation);

    /// <inheritdoc/>
    public Task<T> ReplaceAsync<T>(
        Resource<T> resource, ObjectName name, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject =>
        CallAsync(resource, HttpMethod.Put, resource.Path(name), ApiBody.Object(json), cancellation);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private async Task<ApiList<T>> ListAsync<T>(Resource<T> resource, ApiScope scope, int? pageSize, CancellationToken cancellation)
        where T : KubeObject
    {
        var limit = pageSize is null ? _options.WholeListTimeout : _options.PageTimeout;
        var items = new List<T>();
        using var answer = new MemoryStream();
        string? next = null;
        while (true)
        {
            var path = new ApiQuery(resource.Path(scope.Namespace)).Add(scope).Add("limit", pageSize).Add("continue", next).ToString();
            var page = await _calls.CallAsync(HttpMethod.Get, path, default, answer, limit, cancellation);
            foreach (var item in page.Objects("items", resource.Read))
            {
                items.Add(item);
            }

            var metadata = page.Object("metadata");
            var rest = metadata.Text("continue");
            if (string.IsNullOrEmpty(rest))
            {
                return new(items, metadata.Text("resourceVersion") ?? "");
            }

            next = rest != next ? rest : throw ApiFailure.Unreachable($"GET /{path}", "the same page comes again and again");
        }
    }

    private async Task<T> CallAsync<T>(
        Resource<T> resource, HttpMethod method, string path, ApiBody body, CancellationToken cancellation)
        where T : KubeObject =>
        resource.Read(await _calls.CallAsync(method, path, body, _options.CallTimeout, cancellation));
}
