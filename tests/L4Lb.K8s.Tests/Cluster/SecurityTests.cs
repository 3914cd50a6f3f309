using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace L4Lb.K8s.Tests.Cluster;

public sealed class SecurityTests
{
    [Fact]
    public async Task Whoever_shows_a_certificate_of_the_right_authority_is_let_in()
    {
        var authority = TestAuthority.Create();
        await using var cluster = await TestCluster.StartAsync(certificate: authority.IssueForLoopback());
        cluster.ClientAuthority = authority.Certificate;
        Assert.Equal(401, await AskAsync(cluster, null));
        Assert.Equal(401, await AskAsync(cluster, TestAuthority.Create().Issue("stranger")));
        Assert.Equal(200, await AskAsync(cluster, authority.Issue("alice")));
        Assert.Equal(["", "CN=stranger", "CN=alice"], cluster.Requests.Select(static r => r.ClientName));
    }

    [Fact]
    public async Task A_token_is_as_good_as_a_certificate()
    {
        var authority = TestAuthority.Create();
        await using var cluster = await TestCluster.StartAsync(certificate: authority.IssueForLoopback());
        cluster.ClientAuthority = authority.Certificate;
        cluster.Token = "t";
        Assert.Equal(200, await AskAsync(cluster, null, "t"));
        Assert.Equal(200, await AskAsync(cluster, authority.Issue("alice")));
        Assert.Equal(401, await AskAsync(cluster, null, "u"));
    }

    [Fact]
    public async Task The_certificate_can_be_renewed_under_way()
    {
        var authority = TestAuthority.Create();
        await using var cluster = await TestCluster.StartAsync(certificate: authority.IssueForLoopback());
        var seen = new List<string>();
        await AskAsync(cluster, null, seen: seen);
        cluster.Certificate = authority.IssueForLoopback();
        await AskAsync(cluster, null, seen: seen);
        Assert.Equal(2, seen.Distinct().Count());
    }

    private static async Task<int> AskAsync(
        TestCluster cluster, X509Certificate2? certificate, string? token = null, List<string>? seen = null)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
        {
            seen?.Add(shown!.GetCertHashString());
            return shown is not null;
        };
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];

        using var client = new HttpClient(handler) { BaseAddress = cluster.Address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await client.GetAsync(new Uri("/version", UriKind.Relative), TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
