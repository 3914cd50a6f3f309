using System.Text.Json.Nodes;

namespace L4Lb.K8s.Tests.Cluster;

public sealed class ListTests : ClusterTest
{
    [Fact]
    public async Task Pages_show_one_moment()
    {
        Cluster.Put(Service("a")).Put(Service("b")).Put(Service("c"));
        var (_, first) = await GetAsync(Services + "?limit=2");
        Assert.Equal("a b", Names(first));
        Assert.Equal("ServiceList", (string?)first["kind"]);
        Assert.Equal("1", first.Meta("remainingItemCount"));

        Cluster.Put(Service("d")).Delete(Kind.Service, "c");
        var (_, second) = await GetAsync($"{Services}?limit=2&continue={Uri.EscapeDataString(first.Meta("continue")!)}");
        Assert.Equal("c", Names(second));
        Assert.Null(second.Meta("continue"));
        Assert.Equal(first.Version(), second.Version());
        Assert.Equal("a b d", Names((await GetAsync(Services)).Body));
    }

    [Fact]
    public async Task A_page_that_comes_too_late_is_gone_and_says_how_to_go_on()
    {
        Cluster.Put(Service("a")).Put(Service("b"));
        var (_, first) = await GetAsync(Services + "?limit=1");
        Cluster.Put(Service("c")).Compact();
        var late = await GetAsync($"{Services}?limit=1&continue={Uri.EscapeDataString(first.Meta("continue")!)}");
        IsStatus(late, 410, "Expired");

        var (code, rest) = await GetAsync($"{Services}?continue={Uri.EscapeDataString(late.Body.Meta("continue")!)}");
        Assert.Equal(200, code);
        Assert.Equal("b c", Names(rest));
        IsStatus(await GetAsync(Services + "?continue=nonsense"), 400, "BadRequest");
    }

    [Theory]
    [InlineData("labelSelector=app%3Dx", "a")]
    [InlineData("labelSelector=app!%3Dx", "b c")]
    [InlineData("labelSelector=app", "a b")]
    [InlineData("labelSelector=!app", "c")]
    [InlineData("labelSelector=app+in+(x,y),app!%3Dx", "b")]
    [InlineData("labelSelector=app+notin+(x)", "b c")]
    [InlineData("fieldSelector=metadata.name%3Db", "b")]
    public async Task Selectors_select(string query, string names)
    {
        Cluster.Put(Service("a", "x")).Put(Service("b", "y")).Put(Service("c"));
        Assert.Equal(names, Names((await GetAsync($"{Services}?{query}")).Body));
    }

    [Fact]
    public async Task Namespaces_divide()
    {
        var other = Service("b");
        other.Metadata()["namespace"] = "other";
        Cluster.Put(Service("a")).Put(other);
        Assert.Equal("a", Names((await GetAsync(Services)).Body));
        Assert.Equal("a b", Names((await GetAsync("/api/v1/services")).Body));
    }

    [Fact]
    public async Task A_version_that_has_yet_to_come_is_a_timeout()
    {
        IsStatus(await GetAsync($"{Services}?resourceVersion={Cluster.Store.Version + 1}"), 504, "Timeout");
        IsStatus(await GetAsync(Services + "?fieldSelector=spec.nothing%3D1"), 400, "BadRequest");
    }

    private static string Names(JsonObject list) =>
        string.Join(' ', list["items"]!.AsArray().Select(static item => item!.AsObject().Name()));
}
