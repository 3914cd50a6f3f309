using L4Lb.K8s.Client;
using L4Lb.K8s.Config;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Cluster;

namespace L4Lb.K8s.Tests.Client;

/// <summary>A cluster and our client of it.</summary>
public abstract class ClientTest : ClusterTest
{
    private readonly List<KubernetesApi> _clients = [];

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected KubernetesApi Client(
        ApiClientOptions? options = null, IApiCredentials? credentials = null, Func<ApiConnection, ApiConnection>? with = null)
    {
        var connection = new ApiConnection(new(Cluster.Address, "/"), credentials ?? new UserCredentials());
        var client = new KubernetesApi(with?.Invoke(connection) ?? connection, options);
        _clients.Add(client);
        return client;
    }

    private protected static ApiScope Default { get; } = new("default");

    private protected static async Task<ApiStatus> FailsAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ApiException>(call)).Status;

    private protected static string Names<T>(IEnumerable<T> objects)
        where T : KubeObject =>
        string.Join(' ', objects.Select(static o => o.Metadata.Name));

    public override async ValueTask DisposeAsync()
    {
        _clients.ForEach(static c => c.Dispose());
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
