using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using L4Lb.Engine.Desired;
using L4Lb.Host.Running;
using L4Lb.K8s.Diagnostics;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Admin;

public sealed class ResourceEndpointsTests
{
    [Fact]
    public async Task The_status_adds_everything_up()
    {
        await using var backend = LoopbackBackend.Echo();
        var service = AdminRig.Service("web", backend);
        await using var rig = await AdminRig.StartAsync(service, AdminRig.Service("empty"));
        rig.Status.Applied(3);
        rig.Status.Serving();
        using (var client = await TestConnection.ConnectAsync(service.Listens[0].Address))
        {
            await client.SendAsync(new byte[5]);
            await client.ReceiveExactlyAsync(5);
            client.FinishSending();
            await client.ReceiveToEndAsync();
        }

        await Eventually.HoldsAsync("the session is over", async () => (long)(await rig.GetAsync("/api/v1/status"))["active"]! == 0);
        var status = await rig.GetAsync("/api/v1/status");
        Assert.Equal(("ready", 3L, false, 2, 1, 1), ((string)status["phase"]!, (long)status["revision"]!, (bool)status["configStale"]!, (int)status["services"]!, (int)status["backends"]!, (int)status["servicesWithoutBackend"]!));
        Assert.Equal("""{"completed":1}""", status["closed"]!.ToJsonString());
        Assert.Equal((5L, 5L, 1L), ((long)status["traffic"]!["bytesFromClients"]!, (long)status["traffic"]!["bytesFromBackends"]!, (long)status["connectTime"]!["count"]!));
    }

    [Fact]
    public async Task Listeners_say_whether_they_listen()
    {
        await using var backend = LoopbackBackend.Echo();
        var (web, empty) = (AdminRig.Service("web", backend), AdminRig.Service("empty"));
        await using var rig = await AdminRig.StartAsync(web, empty);

        var states = (await rig.GetAsync("/api/v1/listeners"))["items"]!.AsArray().ToDictionary(static l => (string)l!["address"]!, static l => (string)l!["state"]!);

        Assert.Equal("listening", states[$"{web.Listens[0].Address}"]);
        Assert.Equal("noBackend", states[$"{empty.Listens[0].Address}"]);

        var one = Assert.Single((await rig.GetAsync("/api/v1/listeners?service=shop/web"))["items"]!.AsArray());
        Assert.Equal($"{web.Listens[0].Address}", (string)one!["address"]!);
        Assert.Empty((await rig.GetAsync("/api/v1/listeners?service=shop/nobody"))["items"]!.AsArray());
        Assert.Equal(400, (await rig.SendAsync("GET", "/api/v1/listeners?service=a/b/c")).Status);
    }

    [Fact]
    public async Task Affinity_says_who_keeps_which_backend()
    {
        await using var backend = LoopbackBackend.Echo();
        var service = AdminRig.Service("web", backend) with { Affinity = new AffinitySpec() };
        await using var rig = await AdminRig.StartAsync(service, AdminRig.Service("other", backend));
        using var client = await TestConnection.ConnectAsync(service.Listens[0].Address);
        await client.SendAsync(new byte[1]);
        await client.ReceiveExactlyAsync(1);

        var entry = Assert.Single((await rig.GetAsync("/api/v1/affinity?service=shop/web"))["items"]!.AsArray())!;

        Assert.Equal(("web", "127.0.0.1", $"{backend.EndPoint}"), ((string)entry["service"]!, (string)entry["client"]!, (string)entry["backend"]!));
        Assert.Empty((await rig.GetAsync("/api/v1/affinity?service=shop/other"))["items"]!.AsArray());
        var services = await rig.GetAsync("/api/v1/services?service=shop/web");
        Assert.Equal(1, (int)services["items"]![0]!["affinity"]!["entries"]!);
    }

    [Fact]
    public async Task A_reload_tells_how_it_went()
    {
        await using var rig = await AdminRig.StartAsync();
        Assert.Equal(409, (await rig.SendAsync("POST", "/api/v1/reload")).Status);

        var warning = new Diagnostic(Severity.Warning, "a.yaml", 3, "spec.ports", "odd");
        rig.Sources.Reload = (_, _) => Task.FromResult(new LoadOutcome(IsInForce: true, 7, 2, [warning]));
        Assert.Equal((200, """{"revision":7,"changed":2,"warnings":["a.yaml:3: warning: spec.ports: odd"]}"""), await rig.SendAsync("POST", "/api/v1/reload"));

        rig.Sources.Reload = (_, _) => Task.FromResult(new LoadOutcome(IsInForce: false, 7, 0, [warning with { Severity = Severity.Error }, warning]));
        var (status, body) = await rig.SendAsync("POST", "/api/v1/reload");
        var problem = JsonNode.Parse(body)!;
        Assert.Equal((422, "revision 7 stays in force", """["a.yaml:3: spec.ports: odd"]"""), (status, (string)problem["detail"]!, problem["errors"]!.ToJsonString()));
    }

    [Fact]
    public async Task Events_are_found_by_kind_level_and_what_they_are_about()
    {
        await using var backend = LoopbackBackend.Echo();
        await using var rig = await AdminRig.StartAsync(AdminRig.Service("web", backend));
        await rig.SendAsync("POST", $"/api/v1/services/shop/web/backends/{backend.EndPoint}/drain");
        await rig.SendAsync("POST", $"/api/v1/services/shop/web/backends/{backend.EndPoint}/enable");

        Assert.Equal(2, await CountAsync(""));
        Assert.Equal(2, await CountAsync($"about={backend.EndPoint}&kind=operator,health"));
        Assert.Equal(0, await CountAsync("about=10.0.0.1"));
        Assert.Equal(0, await CountAsync("kind=health"));
        Assert.Equal(0, await CountAsync("level=warning"));
        Assert.Equal(1, await CountAsync("after=1"));
        Assert.Equal((2, "enable"), ((int)(await rig.GetAsync("/api/v1/events?limit=1"))["items"]![0]!["id"]!, (string)(await rig.GetAsync("/api/v1/events?limit=1"))["items"]![0]!["about"]!["action"]!));
        Assert.Equal(400, (await rig.SendAsync("GET", "/api/v1/events?level=loud")).Status);
        foreach (var query in (string[])["limit=1", "after=1", "after=1&limit=1"])
        {
            Assert.Equal(2, (int)(await rig.GetAsync($"/api/v1/events?{query}"))["total"]!);
        }

        async Task<int> CountAsync(string query) => (await rig.GetAsync($"/api/v1/events?{query}"))["items"]!.AsArray().Count;
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/sessions?service=shop/web&clinet=10.0.0.1", "there is no query parameter clinet here; there is client, ")]
    [InlineData("DELETE", "/api/v1/flows?service=shop/web&limit=1", "there is no query parameter limit here; there is ")]
    [InlineData("GET", "/api/v1/services?Service=shop/web", "there is no query parameter Service here; there is service")]
    [InlineData("GET", "/api/v1/stream?topic=events", "there is no query parameter topic here; there is topics, ")]
    [InlineData("POST", "/api/v1/reload?now", "there is no query parameter now here; there is none")]
    public async Task A_query_parameter_that_means_nothing_is_refused(string method, string path, string expected)
    {
        await using var rig = await AdminRig.StartAsync();

        var (status, body) = await rig.SendAsync(method, path);

        Assert.Equal(400, status);
        Assert.StartsWith(expected, (string)JsonNode.Parse(body)!["detail"]!);
    }

    [Fact]
    public async Task Who_scrapes_may_say_more_than_is_understood()
    {
        await using var rig = await AdminRig.StartAsync();

        Assert.Equal(200, (await rig.SendAsync("GET", "/healthz?from=probe")).Status);
    }

    [Fact]
    public async Task Who_has_an_answer_is_told_so()
    {
        await using var backend = LoopbackBackend.Echo();
        await using var rig = await AdminRig.StartAsync(AdminRig.Service("web", backend));
        using var first = await rig.Http.GetAsync(new Uri("/api/v1/backends", UriKind.Relative));
        var tag = first.Headers.ETag!;

        Assert.Equal(304, (int)(await AskAsync(tag)).StatusCode);
        await rig.SendAsync("POST", $"/api/v1/services/shop/web/backends/{backend.EndPoint}/drain");
        using var changed = await AskAsync(tag);
        Assert.Equal(200, (int)changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag);

        async Task<HttpResponseMessage> AskAsync(EntityTagHeaderValue known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/backends", UriKind.Relative));
            request.Headers.IfNoneMatch.Add(known);
            return await rig.Http.SendAsync(request);
        }
    }
}
