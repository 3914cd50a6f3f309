using L4Lb.K8s.Config;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Client;

/// <summary>The contract with the double.</summary>
public sealed class DoubleContractTests : ApiContract
{
    private protected override async Task<ApiUnderTest> StartAsync()
    {
        var cluster = await TestCluster.StartAsync();
        return await ApiUnderTest.StartAsync(new(new(cluster.Address, "/"), new UserCredentials()), cluster);
    }
}

/// <summary>The contract with the server of <see cref="ApiUnderTest.Variable"/>, if there is one.</summary>
public sealed class ServerContractTests : ApiContract
{
    private protected override Task<ApiUnderTest> StartAsync()
    {
        var file = Environment.GetEnvironmentVariable(ApiUnderTest.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(file), $"{ApiUnderTest.Variable} names no cluster to test with");
        return ApiUnderTest.StartAsync(ConnectionDiscovery.OfProcess.Find(file, null));
    }
}

/// <summary>The way from a kubeconfig to a namespace and back, by the double behind TLS.</summary>
public sealed class ApiUnderTestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_namespace_is_there_for_the_test_and_gone_afterwards()
    {
        var authority = TestAuthority.Create();
        await using var cluster = await TestCluster.StartAsync(certificate: authority.IssueForLoopback());
        cluster.Token = "t";
        var file = _folder.Write("k", $$"""
            current-context: x
            clusters: [{name: c, cluster: {server: "{{cluster.Address}}", certificate-authority: ca } }]
            users: [{name: u, user: {token: t} }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            """);
        _folder.Write("ca", authority.Pem);
        string name;
        await using (var server = await ApiUnderTest.StartAsync(ConnectionDiscovery.OfProcess.Find(file, null)))
        {
            name = server.Namespace;
            Assert.NotNull(cluster.Get(Kind.Namespace, name));
        }

        Assert.Null(cluster.Get(Kind.Namespace, name));
    }

    public void Dispose() => _folder.Dispose();
}
