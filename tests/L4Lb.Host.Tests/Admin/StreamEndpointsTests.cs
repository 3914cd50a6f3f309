using System.Text.Json.Nodes;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Admin;

public sealed class StreamEndpointsTests
{
    [Fact]
    public async Task First_comes_everything_then_what_has_changed_and_what_is_gone()
    {
        await using var backend = LoopbackBackend.Echo();
        var (web, api) = (AdminRig.Service("web", backend), AdminRig.Service("api", backend));
        await using var rig = await AdminRig.StartAsync(web, api);
        using var stream = await OpenAsync(rig, "topics=services,backends&interval=1s");

        Assert.Equal(["api", "web"], (await NextAsync(stream, "services")).AsArray().Select(static s => (string)s!["name"]!).Order());
        Assert.Equal(2, (await NextAsync(stream, "backends")).AsArray().Count);

        using var client = await TestConnection.ConnectAsync(web.Listens[0].Address);
        await client.SendAsync(new byte[3]);
        await client.ReceiveExactlyAsync(3);
        Assert.Equal("web", (string)Assert.Single((await NextAsync(stream, "services")).AsArray())!["name"]!);

        await rig.ApplyAsync(web);
        Assert.Equal("""["shop/api:http"]""", (await NextAsync(stream, "services-gone")).ToJsonString());
        Assert.Equal($"""["shop/api:http {backend.EndPoint}"]""", (await NextAsync(stream, "backends-gone")).ToJsonString());
    }

    [Fact]
    public async Task Events_come_as_they_happen_and_the_status_once_in_an_interval()
    {
        await using var backend = LoopbackBackend.Echo();
        await using var rig = await AdminRig.StartAsync(AdminRig.Service("web", backend));
        using var stream = await OpenAsync(rig, "");
        Assert.Equal(1, (int)(await NextAsync(stream, "status"))["services"]!);

        await rig.SendAsync("POST", $"/api/v1/services/shop/web/backends/{backend.EndPoint}/drain");

        var happened = await NextAsync(stream, "event");
        Assert.Equal(("operator", 700), ((string)happened["kind"]!, (int)happened["code"]!));
        Assert.Equal(0, (int)(await NextAsync(stream, "status"))["backendsUsable"]!);
    }

    [Theory]
    [InlineData("topics=weather", "topics: there is no weather; there is status, services, backends, events")]
    [InlineData("interval=0", "interval=0: must be 1…60 seconds")]
    public async Task What_is_not_streamed_is_said(string query, string detail)
    {
        await using var rig = await AdminRig.StartAsync();

        var (status, body) = await rig.SendAsync("GET", $"/api/v1/stream?{query}");

        Assert.Equal((400, detail), (status, (string)JsonNode.Parse(body)!["detail"]!));
    }

    [Fact]
    public async Task Streams_are_bounded_and_a_reader_that_leaves_makes_room()
    {
        await using var rig = await AdminRig.StartAsync();
        var streams = new List<StreamReader>();
        for (var i = 0; i < 64; i++)
        {
            streams.Add(await OpenAsync(rig, "topics=events"));
        }

        Assert.Equal(503, (await rig.SendAsync("GET", "/api/v1/stream")).Status);
        streams[0].Dispose();
        await Eventually.HoldsAsync("there is room again", async () =>
        {
            using var response = await rig.Http.GetAsync(new Uri("/api/v1/stream?topics=events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            return response.IsSuccessStatusCode;
        });
        streams.ForEach(static s => s.Dispose());
    }

    private static async Task<StreamReader> OpenAsync(AdminRig rig, string query)
    {
        var response = await rig.Http.GetAsync(new Uri($"/api/v1/stream?{query}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The data of the next event with a name; others are passed over.</summary>
    private static async Task<JsonNode> NextAsync(StreamReader stream, string name)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        while (await stream.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line == $"event: {name}")
            {
                return JsonNode.Parse((await stream.ReadLineAsync(deadline.Token))!["data: ".Length..])!;
            }
        }

        throw new EndOfStreamException();
    }
}
