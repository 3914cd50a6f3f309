using System.Security.Cryptography.X509Certificates;
using L4Lb.K8s.Client;
using L4Lb.K8s.Config;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Client;

public sealed class TlsTests
{
    private readonly TestAuthority _authority = TestAuthority.Create();

    [Fact]
    public async Task A_server_of_the_right_authority_is_believed_and_spoken_to_in_http2()
    {
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.IssueForLoopback());
        await ListAsync(cluster, _authority.Pem);
        Assert.Equal("HTTP/2", cluster.Requests.Single().Protocol);
    }

    [Fact]
    public async Task A_server_without_http2_is_spoken_to_without()
    {
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.IssueForLoopback());
        cluster.OffersHttp2 = false;
        await cluster.GoDownAsync();
        await cluster.GoUpAsync();
        await ListAsync(cluster, _authority.Pem);
        Assert.Equal("HTTP/1.1", cluster.Requests.Single().Protocol);
    }

    [Fact]
    public async Task A_server_behind_a_proxy_is_reached_through_a_tunnel()
    {
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.Issue("kubernetes", ["kube.invalid"]));
        using var proxy = new TunnelProxy(cluster.Address.Port);
        await ListAsync(cluster, _authority.Pem, c => c with { Server = new("https://kube.invalid:6443/"), Proxy = proxy.Address });
        Assert.Equal("CONNECT kube.invalid:6443 HTTP/1.1", proxy.Request);
        Assert.Equal("HTTP/2", cluster.Requests.Single().Protocol);
    }

    [Fact]
    public async Task Each_of_several_authorities_will_do()
    {
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.IssueForLoopback());
        await ListAsync(cluster, $"{TestAuthority.Create("other").Pem}\n# comment\n{_authority.Pem}\n");
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_believed()
    {
        // Of the same name, so that it is the signature that tells.
        await using var cluster = await TestCluster.StartAsync(certificate: TestAuthority.Create().IssueForLoopback());
        var message = await RefusedAsync(cluster, _authority.Pem);
        Assert.Contains("the server's certificate cannot be traced back to certificate-authority", message);
        Assert.Contains("an authority that this system trusts", await RefusedAsync(cluster, null));
        await ListAsync(cluster, null, static c => c with { InsecureSkipTlsVerify = true });
    }

    [Fact]
    public async Task A_certificate_of_the_past_is_not_believed()
    {
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.Issue("kubernetes", ["127.0.0.1"], days: -1));
        Assert.Contains("expired", await RefusedAsync(cluster, _authority.Pem));
    }

    [Fact]
    public async Task An_authority_need_not_be_a_root_to_be_trusted()
    {
        var below = _authority.Delegate("below");
        await using var cluster = await TestCluster.StartAsync(certificate: below.IssueForLoopback());
        await ListAsync(cluster, below.Pem);

        // The root alone does not say who issued the certificate.
        await RefusedAsync(cluster, _authority.Pem);

        var forger = TestAuthority.Create("below");
        cluster.Certificate = forger.IssueForLoopback();
        Assert.Contains("cannot be traced back", await RefusedAsync(cluster, below.Pem));
        cluster.Certificate = _authority.Delegate("below").IssueForLoopback();
        Assert.Contains("cannot be traced back", await RefusedAsync(cluster, below.Pem));
    }

    [Fact]
    public async Task The_very_certificate_can_be_trusted()
    {
        var certificate = _authority.IssueForLoopback();
        await using var cluster = await TestCluster.StartAsync(certificate: certificate);
        await ListAsync(cluster, certificate.ExportCertificatePem());
        cluster.Certificate = _authority.IssueForLoopback();
        await RefusedAsync(cluster, certificate.ExportCertificatePem());
        cluster.Certificate = _authority.Issue("kubernetes", ["127.0.0.1"], days: -1);
        await RefusedAsync(cluster, cluster.Certificate.ExportCertificatePem());
    }

    [Fact]
    public async Task The_certificate_must_be_for_the_name_that_is_asked_for()
    {
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.Issue("kubernetes", ["kube.example", "10.0.0.1"]));
        var message = await RefusedAsync(cluster, _authority.Pem);
        Assert.Contains("for kube.example, 10.0.0.1, and not for 127.0.0.1; tls-server-name can say so", message);
        await ListAsync(cluster, _authority.Pem, static c => c with { TlsServerName = "kube.example" });
        Assert.Equal("kube.example", cluster.ServerName);
        await RefusedAsync(cluster, _authority.Pem, static c => c with { TlsServerName = "kube.other" });

        cluster.Certificate = _authority.Issue("kubernetes");
        Assert.Contains("for no name at all", await RefusedAsync(cluster, _authority.Pem));
    }

    [Fact]
    public async Task A_client_shows_its_certificate()
    {
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.IssueForLoopback());
        cluster.ClientAuthority = _authority.Certificate;
        var alice = _authority.Issue("alice");
        using var client = ClientOf(cluster, _authority.Pem, c => c with { Credentials = CredentialsOf(alice) });
        await ListAsync(client);
        Assert.Equal("CN=alice", cluster.Requests.Single().ClientName);
        using var stranger = ClientOf(cluster, _authority.Pem);
        Assert.Equal(401, (await Assert.ThrowsAsync<ApiException>(() => ListAsync(stranger))).Status.Code);
    }

    [Fact]
    public async Task Certificates_that_are_renewed_are_used_within_a_minute_and_a_half_written_pair_is_not()
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.IssueForLoopback());
        cluster.ClientAuthority = _authority.Certificate;
        var (alice, bob) = (_authority.Issue("alice"), _authority.Issue("bob"));
        var (certificate, key) = (folder.Write("c", alice.ExportCertificatePem()), folder.Write("k", KeyOf(alice)));
        using var client = ClientOf(cluster, _authority.Pem, c => c with
        {
            Credentials = new UserCredentials { Certificate = new(certificate, "c", time), Key = new(key, "k", time) },
        });
        await ListAsync(client);

        folder.Write("c", bob.ExportCertificatePem());
        time.Advance(TimeSpan.FromMinutes(1));
        await ListAsync(client);
        folder.Write("k", KeyOf(bob));
        await ListAsync(client);
        time.Advance(TimeSpan.FromMinutes(1));
        await ListAsync(client);
        Assert.Equal(["CN=alice", "CN=alice", "CN=alice", "CN=bob"], cluster.Requests.Select(static r => r.ClientName));
    }

    [Fact]
    public async Task Certificates_that_are_refused_are_looked_up_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.IssueForLoopback());
        cluster.ClientAuthority = _authority.Certificate;
        var alice = _authority.Issue("alice");
        var old = TestAuthority.Create().Issue("old");
        var (certificate, key) = (folder.Write("c", old.ExportCertificatePem()), folder.Write("k", KeyOf(old)));
        var time = new ManualTime();
        using var client = ClientOf(cluster, _authority.Pem, c => c with
        {
            Credentials = new UserCredentials { Certificate = new(certificate, "c", time), Key = new(key, "k", time) },
        });
        await Assert.ThrowsAsync<ApiException>(() => ListAsync(client));
        folder.Write("c", alice.ExportCertificatePem());
        folder.Write("k", KeyOf(alice));
        await ListAsync(client);
        Assert.Equal(["CN=old", "CN=old", "CN=alice"], cluster.Requests.Select(static r => r.ClientName));
    }

    [Fact]
    public async Task An_authority_that_is_renewed_is_believed_within_a_minute()
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        var path = folder.Write("ca", _authority.Pem);
        await using var cluster = await TestCluster.StartAsync(certificate: _authority.IssueForLoopback());
        using var client = ClientOf(cluster, "", c => c with { Authority = new(path, "ca", time) });
        await ListAsync(client);
        var renewed = TestAuthority.Create("renewed");
        folder.Write("ca", renewed.Pem);
        cluster.Certificate = renewed.IssueForLoopback();
        await cluster.GoDownAsync();
        await cluster.GoUpAsync();
        await Assert.ThrowsAsync<ApiException>(() => ListAsync(client));
        time.Advance(TimeSpan.FromMinutes(1));
        await ListAsync(client);

        folder.Write("ca", "garbage");
        time.Advance(TimeSpan.FromMinutes(1));
        await ListAsync(client);
        File.Delete(path);
        time.Advance(TimeSpan.FromMinutes(1));
        await ListAsync(client);
    }

    [Theory]
    [InlineData("", "certificate-authority: holds no PEM certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate-authority: is no PEM certificate")]
    public void What_is_no_certificate_is_found_out_before_anything_is_sent(string pem, string message)
    {
        var connection = new ApiConnection(new("https://127.0.0.1:1/"), new UserCredentials())
        {
            Authority = new(pem, "ca"),
            Origin = "test",
        };
        var error = Assert.Throws<KubernetesConnectionException>(() => KubernetesConnection.From(connection));
        Assert.StartsWith($"test: {message}", error.Message);
    }

    [Fact]
    public void A_key_must_belong_to_its_certificate()
    {
        var (alice, bob) = (_authority.Issue("alice"), _authority.Issue("bob"));
        foreach (var key in (string[])[KeyOf(bob), "garbage", ""])
        {
            var credentials = new UserCredentials { Certificate = new(alice.ExportCertificatePem(), "c"), Key = new(key, "k") };
            var error = Assert.Throws<KubernetesConnectionException>(
                () => KubernetesConnection.From(new(new("https://127.0.0.1:1/"), credentials) { Origin = "test" }));
            Assert.StartsWith("test: client-key: does not belong to client-certificate", error.Message);
        }
    }

    private static string KeyOf(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    private static UserCredentials CredentialsOf(X509Certificate2 certificate) =>
        new() { Certificate = new(certificate.ExportCertificatePem(), "c"), Key = new(KeyOf(certificate), "k") };

    private static KubernetesApi ClientOf(TestCluster cluster, string? authority, Func<ApiConnection, ApiConnection>? with = null)
    {
        var connection = new ApiConnection(new(cluster.Address, "/"), new UserCredentials())
        {
            Authority = authority is null ? null : new(authority, "ca"),
        };
        return new(with?.Invoke(connection) ?? connection);
    }

    private static Task ListAsync(KubernetesApi client) =>
        client.ListAsync(Resources.Services, ApiScope.All, TestContext.Current.CancellationToken);

    private static async Task ListAsync(TestCluster cluster, string? authority, Func<ApiConnection, ApiConnection>? with = null)
    {
        using var client = ClientOf(cluster, authority, with);
        await ListAsync(client);
    }

    private static async Task<string> RefusedAsync(
        TestCluster cluster, string? authority, Func<ApiConnection, ApiConnection>? with = null)
    {
        var error = await Assert.ThrowsAsync<ApiException>(() => ListAsync(cluster, authority, with));
        Assert.True(error.Status.IsUnreachable);
        return error.Message;
    }
}
