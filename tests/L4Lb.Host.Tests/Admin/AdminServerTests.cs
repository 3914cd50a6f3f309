using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using L4Lb.Engine;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Journal;
using L4Lb.Host.Running;
using L4Lb.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace L4Lb.Host.Tests.Admin;

public sealed class AdminServerTests : IAsyncDisposable
{
    private static readonly AdminSettings s_anywhere = new(AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0)));

    private readonly InstanceStatus _status = new();
    private readonly LoadBalancer _engine = new(new LoadBalancerOptions { Shards = 1 });
    private readonly EventJournal _journal = new(TimeProvider.System);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Is_alive_from_the_start()
    {
        await using var server = await StartAsync(s_anywhere);
        using var http = Client(server);

        Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative)));
    }

    [Fact]
    public async Task Is_ready_while_it_serves()
    {
        await using var server = await StartAsync(s_anywhere);
        using var http = Client(server);
        Assert.Equal((503, """{"status":"starting","revision":0,"configStale":false}"""), await GetAsync(http, "/readyz"));

        _status.Applied(3);
        _status.Serving();
        Assert.Equal((200, """{"status":"ready","revision":3,"configStale":false}"""), await GetAsync(http, "/readyz"));

        _status.Refused();
        Assert.Equal((200, """{"status":"ready","revision":3,"configStale":true}"""), await GetAsync(http, "/readyz"));

        _status.Draining();
        Assert.Equal((503, """{"status":"draining","revision":3,"configStale":true}"""), await GetAsync(http, "/readyz"));
    }

    [Fact]
    public async Task What_is_not_there_is_a_problem_in_json()
    {
        await using var server = await StartAsync(s_anywhere);
        using var http = Client(server);

        using var response = await http.GetAsync(new Uri("/nope", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("there is nothing at /nope", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Elsewhere_than_on_loopback_a_token_is_asked_for()
    {
        File.WriteAllText(_folder.File("token"), "secret\n");
        var settings = new AdminSettings(AdminAddress.At(new IPEndPoint(IPAddress.Any, 0)), _folder.File("token"));
        await using var server = await StartAsync(settings);
        using var http = Client(server);

        Assert.Equal(200, (await GetAsync(http, "/healthz")).Status);
        Assert.Equal(503, (await GetAsync(http, "/readyz")).Status);
        Assert.Equal(401, (await GetAsync(http, "/nope")).Status);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        Assert.Equal(401, (await GetAsync(http, "/nope")).Status);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        Assert.Equal(404, (await GetAsync(http, "/nope")).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("\n")]
    public async Task A_token_file_without_a_token_stops_the_start(string? content)
    {
        if (content is not null)
        {
            File.WriteAllText(_folder.File("token"), content);
        }

        var settings = new AdminSettings(AdminAddress.At(new IPEndPoint(IPAddress.Any, 0)), _folder.File("token"));

        var e = await Assert.ThrowsAsync<StartFailedException>(() => StartAsync(settings));
        Assert.Contains(_folder.File("token"), e.Message);
    }

    [Fact]
    public async Task Answers_on_a_unix_socket_and_takes_one_over_that_was_left_behind()
    {
        var path = _folder.File("admin.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
        }

        await using var server = await StartAsync(new AdminSettings(AdminAddress.Read($"unix:{path}")));
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = new Uri("http://admin") };

        Assert.Equal(200, (await GetAsync(http, "/healthz")).Status);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = AdminAddress.At((IPEndPoint)taken.LocalEndpoint);

        var e = await Assert.ThrowsAsync<StartFailedException>(() => StartAsync(new AdminSettings(address)));

        Assert.StartsWith($"the admin API cannot listen on {address}: ", e.Message);
    }

    [Theory]
    [InlineData("Bearer secret", true)]
    [InlineData("bearer  secret ", true)]
    [InlineData("Bearer Secret", false)]
    [InlineData("Basic secret", false)]
    [InlineData("secret", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Tokens(string? header, bool isAdmitted) =>
        Assert.Equal(isAdmitted ? AccessLevel.Operator : null, new AccessTokens((AccessLevel.Operator, "secret")).Admits(header));

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        _journal.Dispose();
        await _engine.DisposeAsync();
    }

    private Task<AdminServer> StartAsync(AdminSettings settings) =>
        AdminServer.StartAsync(settings, new AdminSources(_status, _engine, new NoAddressHolder(), _journal), NullLoggerFactory.Instance);

    private static HttpClient Client(AdminServer server) =>
        new() { BaseAddress = new UriBuilder(server.Address) { Host = "127.0.0.1" }.Uri };

    private static async Task<(int Status, string Body)> GetAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
