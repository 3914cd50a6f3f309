using System.Text.Json.Nodes;
using L4Lb.Engine.Desired;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Admin;

public sealed class SessionEndpointsTests : IAsyncLifetime
{
    private readonly LoopbackBackend[] _backends = [LoopbackBackend.Echo(), LoopbackBackend.Echo()];
    private readonly List<TestConnection> _clients = [];
    private ServiceSpec[] _services = null!;
    private AdminRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _services = [AdminRig.Service("web", _backends), AdminRig.Service("api", _backends[0])];
        _rig = await AdminRig.StartAsync(_services);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(static client => client.Dispose());
        await _rig.DisposeAsync();
        await Task.WhenAll(_backends.Select(static b => b.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Sessions_are_listed_by_page_in_the_order_of_their_beginning()
    {
        await ConnectAsync(_services[0], 7);
        await ConnectAsync(_services[1], 3);

        var (all, after) = (new List<JsonNode>(), 0L);
        for (var pages = 1; ; pages++)
        {
            var page = await _rig.GetAsync($"/api/v1/sessions?limit=4&after={after}");
            Assert.Equal(10, (int)page["total"]!);
            all.AddRange(page["items"]!.AsArray()!);
            if (page["next"] is not { } next)
            {
                Assert.Equal(3, pages);
                break;
            }

            after = (long)next;
        }

        Assert.Equal(_clients.Select(static c => $"{c.LocalEndPoint}").ToHashSet(), all.Select(static s => (string)s["client"]!).ToHashSet());
        Assert.Equal(all.Select(static s => (long)s["id"]!).Order(), all.Select(static s => (long)s["id"]!));
        Assert.All(all, static s => Assert.Equal(("shop", "http", "tcp", "established", 1L), ((string)s["namespace"]!, (string)s["port"]!, (string)s["protocol"]!, (string)s["phase"]!, (long)s["bytesFromClient"]!)));
    }

    [Fact]
    public async Task They_are_found_by_service_backend_port_and_client()
    {
        await ConnectAsync(_services[0], 4);
        await ConnectAsync(_services[1], 3);

        Assert.Equal(4, await CountAsync("service=shop/web"));
        Assert.Equal(0, await CountAsync("service=web")); // In namespace default.
        Assert.Equal(2 + 3, await CountAsync($"backend={_backends[0].EndPoint}"));
        Assert.Equal(3, await CountAsync($"backend={_backends[0].EndPoint}&service=shop/api"));
        Assert.Equal(7, await CountAsync("client=127.0.0.0/8&port=http"));
        Assert.Equal(7, await CountAsync("client=127.0.0.1"));
        Assert.Equal(0, await CountAsync("client=10.0.0.0/8"));
        Assert.Equal(0, await CountAsync("port=https"));
    }

    [Fact]
    public async Task One_is_killed_and_that_is_an_event()
    {
        await ConnectAsync(_services[0], 3);
        var victim = (await _rig.GetAsync("/api/v1/sessions"))["items"]![1]!;

        Assert.Equal((200, """{"killed":1}"""), await _rig.SendAsync("DELETE", $"/api/v1/sessions/{victim["id"]}"));

        Assert.Equal(2, await CountAsync(""));
        var (status, body) = await _rig.SendAsync("DELETE", $"/api/v1/sessions/{victim["id"]}");
        Assert.Equal((404, $"there is no open session {victim["id"]}; it may be over"), (status, (string)JsonNode.Parse(body)!["detail"]!));
        var happened = Assert.Single((await _rig.GetAsync("/api/v1/events?kind=operator"))["items"]!.AsArray());
        Assert.Equal($"operator at 127.0.0.1: kill: session {victim["id"]}", (string)happened!["message"]!);
        var service = (await _rig.GetAsync("/api/v1/services?service=shop/web"))["items"]![0]!;
        Assert.Equal("""{"killed":1}""", service["closed"]!.ToJsonString());
    }

    [Fact]
    public async Task Many_are_killed_when_it_is_said_which()
    {
        await ConnectAsync(_services[0], 4);
        await ConnectAsync(_services[1], 3);

        Assert.Equal(400, (await _rig.SendAsync("DELETE", "/api/v1/sessions")).Status);
        Assert.Equal(7, await CountAsync(""));
        Assert.Equal((200, """{"killed":4}"""), await _rig.SendAsync("DELETE", "/api/v1/sessions?service=shop/web"));
        Assert.Equal(3, await CountAsync(""));
    }

    [Theory]
    [InlineData("limit=0", "limit=0: must be 1…10000")]
    [InlineData("limit=many", "limit=many: must be 1…10000")]
    [InlineData("after=-1", "after=-1: must be the number")]
    [InlineData("service=a/b/c", "service=a/b/c: must be NAME or NAMESPACE/NAME")]
    [InlineData("backend=10.0.0.1", "backend=10.0.0.1: must be ADDRESS:PORT")]
    [InlineData("client=10.0.0.0/40", "client=10.0.0.0/40: must be an IP address or a network")]
    public async Task A_query_that_nobody_understands_is_refused(string query, string detail)
    {
        var (status, body) = await _rig.SendAsync("GET", $"/api/v1/sessions?{query}");

        Assert.Equal(400, status);
        Assert.StartsWith(detail, (string)JsonNode.Parse(body)!["detail"]!);
    }

    [Fact]
    public async Task A_flow_is_listed_among_flows_and_killed_there_alone()
    {
        var backend = _rig.Own(DatagramBackend.Echo());
        var service = new ServiceSpec
        {
            Key = new ServiceKey("shop", "dns", "dns"),
            Protocol = TransportProtocol.Udp,
            Listens = [new ListenSpec { Address = Loopback.FreeEndPoint() }],
            Backends = [new BackendSpec { Address = backend.EndPoint }],
        };
        await _rig.ApplyAsync([.. _services, service]);
        using var client = new DatagramSocket(service.Listens[0].Address);
        await client.AskAsync(1, 2, 3);

        var flow = Assert.Single((await _rig.GetAsync("/api/v1/flows"))["items"]!.AsArray())!;

        Assert.Equal(("udp", 1L, 1L, 3L, 3L), ((string)flow["protocol"]!, (long)flow["requests"]!, (long)flow["responses"]!, (long)flow["bytesFromClient"]!, (long)flow["bytesFromBackend"]!));
        Assert.Equal(0, await CountAsync(""));
        Assert.Equal(404, (await _rig.SendAsync("DELETE", $"/api/v1/sessions/{flow["id"]}")).Status);
        Assert.Equal((200, """{"killed":1}"""), await _rig.SendAsync("DELETE", $"/api/v1/flows/{flow["id"]}"));
    }

    private async Task<int> CountAsync(string query)
    {
        var page = await _rig.GetAsync($"/api/v1/sessions?{query}");
        Assert.Equal((int)page["total"]!, page["items"]!.AsArray().Count);
        return (int)page["total"]!;
    }

    private async Task ConnectAsync(ServiceSpec service, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var client = await TestConnection.ConnectAsync(service.Listens[0].Address);
            _clients.Add(client);
            await client.SendAsync(new byte[1]);
            await client.ReceiveExactlyAsync(1);
        }
    }
}
