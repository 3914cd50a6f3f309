using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace L4Lb.K8s.Tests.Cluster;

/// <summary>A cluster and a plain HTTP client that asks it.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    private protected const string Services = "/api/v1/namespaces/default/services";
    private protected const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    private protected const string Pools = "/apis/l4lb.io/v1alpha1/addresspools";

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private protected TestCluster Cluster { get; private set; } = null!;

    private protected HttpRequestHeaders Headers => _client.DefaultRequestHeaders;

    public virtual async ValueTask InitializeAsync()
    {
        Cluster = await TestCluster.StartAsync();
        _client.BaseAddress = Cluster.Address;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        await Cluster.DisposeAsync();
    }

    private protected static JsonObject Service(string name, string? label = null, int port = 80) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = label is null
            ? new JsonObject { ["name"] = name }
            : new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app"] = label } },
        ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = port }) },
    };

    private protected static JsonObject Pool(string name, string cidr = "10.0.0.0/24", params string[] finalizers) => new()
    {
        ["apiVersion"] = "l4lb.io/v1alpha1",
        ["kind"] = "AddressPool",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["finalizers"] = new JsonArray([.. finalizers.Select(static f => JsonValue.Create(f))]),
        },
        ["spec"] = new JsonObject { ["addresses"] = new JsonArray(cidr) },
    };

    private protected async Task<(int Code, JsonObject Body)> SendAsync(
        string method,
        string path,
        JsonObject? body = null,
        string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, contentType);
        }

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(text)!.AsObject());
    }

    private protected Task<(int Code, JsonObject Body)> GetAsync(string path) => SendAsync("GET", path);

    private protected Task<(int Code, JsonObject Body)> PatchAsync(string path, string patch) =>
        SendAsync("PATCH", path, JsonNode.Parse(patch)!.AsObject(), "application/merge-patch+json");

    private protected async Task<HttpResponseMessage> RawAsync(string path) =>
        await _client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// <summary>Opens a watch; it has subscribed by the time that this returns.</summary>
    private protected async Task<WatchReader> WatchAsync(string path, string query = "")
    {
        var response = await RawAsync($"{path}?watch=true{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(response, new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    private protected static void IsStatus((int Code, JsonObject Body) answer, int code, string reason)
    {
        Assert.Equal(code, answer.Code);
        Assert.Equal("Status", (string?)answer.Body["kind"]);
        Assert.Equal("Failure", (string?)answer.Body["status"]);
        Assert.Equal(code, (int?)answer.Body["code"]);
        Assert.Equal(reason, (string?)answer.Body["reason"]);
    }

    /// <summary>The lines of a watch.</summary>
    private protected sealed record WatchReader(HttpResponseMessage Response, StreamReader Reader) : IDisposable
    {
        public async Task<string?> LineAsync() => await Reader.ReadLineAsync(TestContext.Current.CancellationToken);

        /// <summary>The next event: its type, its object's name and version.</summary>
        public async Task<(string Type, string Name, long Version)> NextAsync()
        {
            var document = JsonNode.Parse((await LineAsync())!)!.AsObject();
            var item = document["object"]!.AsObject();
            return ((string)document["type"]!, item.Name(), item.Version());
        }

        public async Task<string> NextTextAsync()
        {
            var (type, name, _) = await NextAsync();
            return $"{type} {name}".Trim();
        }

        public void Dispose()
        {
            Reader.Dispose();
            Response.Dispose();
        }
    }
}
