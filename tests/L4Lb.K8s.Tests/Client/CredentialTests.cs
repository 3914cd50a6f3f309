using L4Lb.K8s.Client;
using L4Lb.K8s.Config;
using L4Lb.K8s.Objects;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Client;

public sealed class CredentialTests : ClientTest
{
    [Fact]
    public async Task A_token_or_a_password_goes_along()
    {
        Cluster.Token = "abc";
        await ListAsync(new UserCredentials { Token = new("abc", "token") });
        await FailsAsync(() => ListAsync(new UserCredentials { Basic = ("me", "päss:word") }));
        Assert.Equal("Basic bWU6cMOkc3M6d29yZA==", Cluster.Requests[^1].Headers["authorization"]);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_read_again_and_the_new_one_tried_once()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("token", "old\n");
        var credentials = new UserCredentials { Token = new(path, "token", new ManualTime()) };
        Cluster.Token = "old";
        var client = Client(credentials: credentials);
        await client.ListAsync(Resources.Services, Default, Cancellation);

        Cluster.Token = "new";
        Assert.Equal(401, (await FailsAsync(() => client.ListAsync(Resources.Services, Default, Cancellation))).Code);
        Assert.Equal(2, Cluster.Requests.Count);

        folder.Write("token", "newer\n");
        Assert.Equal(401, (await FailsAsync(() => client.ListAsync(Resources.Services, Default, Cancellation))).Code);
        Assert.Equal(["Bearer old", "Bearer newer"], Cluster.Requests.TakeLast(2).Select(static r => r.Headers["authorization"]));

        folder.Write("token", "new\n");
        var body = """{"metadata":{"name":"x"},"spec":{"ports":[{"port":80}]},"apiVersion":"v1","kind":"Service"}"""u8.ToArray();
        Assert.Equal("x", (await client.CreateAsync(Resources.Services, "default", body, Cancellation)).Metadata.Name);
        Assert.Equal(["Bearer newer", "Bearer new"], Cluster.Requests.TakeLast(2).Select(static r => r.Headers["authorization"]));
    }

    [Fact]
    public async Task A_watch_is_let_in_with_a_new_token_as_well()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("token", "old");
        var time = new ManualTime();
        var client = Client(credentials: new UserCredentials { Token = new(path, "token", time) });
        Cluster.Token = "old";
        await client.ListAsync(Resources.Services, Default, Cancellation);
        folder.Write("token", "new");
        Cluster.Token = "new";
        Cluster.Put(Service("a"));
        await foreach (var change in client.WatchAsync(Resources.Services, Default, "", Cancellation))
        {
            Assert.Equal("a", change.Object!.Metadata.Name);
            break;
        }
    }

    [Fact]
    public async Task A_plugin_is_run_again_when_its_token_is_refused()
    {
        var runs = 0;
        var credentials = new ExecCredentials(
            () => Task.FromResult(new ExecAnswer(new($"Bearer {++runs}"), null)), TimeProvider.System);
        Cluster.Token = "1";
        await ListAsync(credentials);
        await ListAsync(credentials);
        Assert.Equal(1, runs);
        Cluster.Token = "2";
        await ListAsync(credentials);
        Assert.Equal(2, runs);
        Cluster.Token = "0";
        await FailsAsync(() => ListAsync(credentials));
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task Without_credentials_nothing_is_sent_and_the_error_says_why()
    {
        var credentials = new UserCredentials { Token = new("/nowhere/token", "user a: tokenFile", TimeProvider.System) };
        var status = await FailsAsync(() => ListAsync(credentials));
        Assert.True(status.IsUnreachable);
        Assert.StartsWith("user a: tokenFile: /nowhere/token: cannot be read", status.Message);
        await FailsAsync(() => Client(credentials: credentials).GetAsync(Resources.Services, new("default", "a"), Cancellation));
        Assert.Empty(Cluster.Requests);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\nHost: x")]
    [InlineData("ä")]
    public async Task What_cannot_be_a_token_is_not_sent_nor_printed(string token)
    {
        var status = await FailsAsync(() => ListAsync(new UserCredentials { Token = new(token, "user a: token") }));
        Assert.Equal("user a: token: is no token: it has white space, control or other characters in it", status.Message);
    }

    [Fact]
    public async Task A_server_may_have_a_path()
    {
        await FailsAsync(() => Client(with: c => c with { Server = new(c.Server, "k8s/clusters/c-1/") })
            .GetAsync(Resources.Services, new ObjectName("default", "a"), Cancellation));
        Assert.Equal("/k8s/clusters/c-1/api/v1/namespaces/default/services/a", Cluster.Requests.Single().Path);
        Assert.StartsWith("l4lb/", Cluster.Requests.Single().Headers["user-agent"]);
    }

    [Fact]
    public async Task A_proxy_in_between_is_used_with_its_password()
    {
        // A proxy is asked for the whole address; the double takes that as any server does.
        var proxy = new UriBuilder(Cluster.Address) { UserName = "me", Password = "p%40ss" }.Uri;
        Cluster.Spoil(static (context, _) =>
        {
            context.Response.StatusCode = 407;
            context.Response.Headers.ProxyAuthenticate = "Basic realm=\"x\"";
            return Task.CompletedTask;
        });
        Cluster.Put(Service("a"));
        var client = Client(with: c => c with { Server = new("http://kubernetes.invalid:8080/"), Proxy = proxy });
        Assert.Equal("a", (await client.GetAsync(Resources.Services, new ObjectName("default", "a"), Cancellation)).Metadata.Name);
        Assert.Equal("Basic bWU6cEBzcw==", Cluster.Requests[^1].Headers["proxy-authorization"]);
        Assert.Equal("kubernetes.invalid:8080", Cluster.Requests[^1].Headers["host"]);
    }

    private Task ListAsync(IApiCredentials credentials) =>
        Client(credentials: credentials).ListAsync(Resources.Services, Default, Cancellation);
}
