using L4Lb.K8s.Client;
using L4Lb.K8s.Config;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Client;

/// <summary>An API server, and in it a namespace that is gone after the test.</summary>
internal sealed class ApiUnderTest : IAsyncDisposable
{
    /// <summary>Names the kubeconfig of a cluster that the tests may use; it needs the right to create and delete namespaces.</summary>
    public const string Variable = "L4LB_TEST_KUBECONFIG";

    private readonly ApiConnection _connection;
    private readonly IAsyncDisposable? _owned;

    private ApiUnderTest(ApiConnection connection, IAsyncDisposable? owned)
    {
        (_connection, _owned) = (connection, owned);

        // Pages of two make several of the few objects that a test has.
        Api = Open(new() { PageSize = 2 });
    }

    public KubernetesApi Api { get; }

    public string Namespace { get; } = $"l4lb-test-{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>Begins with a new namespace.</summary>
    /// <param name="connection">Which server.</param>
    /// <param name="owned">What goes down with this.</param>
    public static async Task<ApiUnderTest> StartAsync(ApiConnection connection, IAsyncDisposable? owned = null)
    {
        var server = new ApiUnderTest(connection, owned);
        var body = JsonBody.Object(w =>
        {
            w.WriteString("apiVersion", "v1");
            w.WriteString("kind", "Namespace");
            w.WriteStartObject("metadata");
            w.WriteString("name", server.Namespace);
            w.WriteEndObject();
        });
        await server.Api.CreateAsync(Resources.Namespaces, "", body, TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Another client of the same server.</summary>
    public KubernetesApi Open(ApiClientOptions options) => new(_connection, options);

    /// <summary>Deletes, which the appliance never does and the client therefore cannot.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var transport = new ApiTransport(_connection, material => material.CreateHandler(_connection));
        using var response = await transport.SendAsync(HttpMethod.Delete, path, default, cancellation);
        await ApiCalls.EnsureSuccessAsync(response, $"DELETE /{path}", TimeProvider.System, cancellation);
    }

    /// <summary>Deletes the namespace with all that is in it; a real server goes on with that for some seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await DeleteAsync(Resources.Namespaces.Path(new ObjectName("", Namespace)), CancellationToken.None);
        Api.Dispose();
        if (_owned is not null)
        {
            await _owned.DisposeAsync();
        }
    }
}
