using System.Text;
using System.Text.Json.Nodes;
using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>The API server double without the wire: its store and its rules, and a place where every call can be spoilt.</summary>
internal sealed class StoreApi(ObjectStore store) : IKubernetesApi
{
    private static readonly DateTimeOffset s_time = DateTimeOffset.UnixEpoch;

    /// <summary>Goes around every call; what it throws is what the caller gets.</summary>
    public Func<ApiCall, Func<JsonObject>, CancellationToken, Task<JsonObject>> Around { get; set; } =
        static (_, call, _) => Task.FromResult(call());

    public static T Read<T>(Resource<T> resource, JsonObject document)
        where T : KubeObject =>
        resource.Read((MappingNode)TreeReader.Read(document.ToJsonString())!);

    public static Kind KindOf<T>(Resource<T> resource)
        where T : KubeObject =>
        Kind.All.Single(kind => (kind.Group, kind.Resource) == (resource.Group, resource.Plural));

    public async Task<ApiList<T>> ListAsync<T>(Resource<T> resource, ApiScope scope, CancellationToken cancellation)
        where T : KubeObject
    {
        var kind = KindOf(resource);
        var list = await CallAsync(new("LIST", kind, new("", "")), List, cancellation);
        return new([.. list["items"]!.AsArray().Select(item => Read(resource, item!.AsObject()))], list.Meta("resourceVersion")!);

        JsonObject List()
        {
            var (version, objects) = store.At(null);
            var items = objects.Where(o => o.Key.Kind == kind && (scope.Namespace is null || o.Key.Namespace == scope.Namespace));
            return new()
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = $"{version}" },
                ["items"] = new JsonArray([.. items.Select(static o => (JsonNode)o.Value.Copy())]),
            };
        }
    }

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        Resource<T> resource, ApiScope scope, string resourceVersion, CancellationToken cancellation)
        where T : KubeObject =>
        throw new NotSupportedException("informers of these tests follow the store itself");

    public Task<T> GetAsync<T>(Resource<T> resource, ObjectName name, CancellationToken cancellation)
        where T : KubeObject =>
        OneAsync("GET", resource, name, key => store.Find(key) ?? throw ApiError.NotFound(key), cancellation);

    public Task<T> MergePatchAsync<T>(
        Resource<T> resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject =>
        OneAsync(subresource is null ? "PATCH" : "PATCH/" + subresource, resource, name, key =>
            store.Write(key, now => ObjectRules.Patch(key, now, Parsed(json), subresource == "status")), cancellation);

    public Task<T> CreateAsync<T>(Resource<T> resource, string @namespace, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject =>
        OneAsync("POST", resource, new(@namespace, Parsed(json).Name()), key =>
            store.Write(key, now => ObjectRules.Create(key, now, Parsed(json), s_time)), cancellation);

    public Task<T> ReplaceAsync<T>(Resource<T> resource, ObjectName name, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject =>
        OneAsync("PUT", resource, name, key =>
            store.Write(key, now => ObjectRules.Replace(key, now, Parsed(json), status: false)), cancellation);

    private static JsonObject Parsed(ReadOnlyMemory<byte> json) => JsonNode.Parse(Encoding.UTF8.GetString(json.Span))!.AsObject();

    private async Task<T> OneAsync<T>(
        string verb, Resource<T> resource, ObjectName name, Func<ObjectKey, JsonObject> call, CancellationToken cancellation)
        where T : KubeObject
    {
        var kind = KindOf(resource);
        return Read(resource, await CallAsync(new(verb, kind, name), () => call(new(kind, name.Namespace, name.Name)), cancellation));
    }

    private async Task<JsonObject> CallAsync(ApiCall call, Func<JsonObject> answer, CancellationToken cancellation)
    {
        // As over the wire: nobody has an answer on the thread that asked.
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await Around(call, answer, cancellation);
        }
        catch (ApiError e)
        {
            throw new ApiException(new(e.Code, e.Reason, e.Message), call.ToString(), e);
        }
    }
}

/// <summary>A call of the API.</summary>
internal sealed record ApiCall(string Verb, Kind Kind, ObjectName Name)
{
    public bool IsWrite => Verb is not ("LIST" or "GET");

    public bool IsEvent => Kind == Kind.Event;

    public override string ToString() => $"{Verb} {Kind} {Name}";
}
