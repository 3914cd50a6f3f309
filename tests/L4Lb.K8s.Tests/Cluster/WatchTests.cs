using System.Net;

namespace L4Lb.K8s.Tests.Cluster;

public sealed class WatchTests : ClusterTest
{
    [Fact]
    public async Task A_watch_replays_what_came_after_its_version_and_goes_on()
    {
        Cluster.Put(Service("old"));
        var (_, list) = await GetAsync(Services);
        Cluster.Put(Service("a")).Put(Service("a", port: 81)).Put(Pool("unrelated"));
        using var watch = await WatchAsync(Services, $"&resourceVersion={list.Version()}");
        var added = await watch.NextAsync();
        var modified = await watch.NextAsync();
        Assert.Equal(("ADDED", "a"), (added.Type, added.Name));
        Assert.Equal(("MODIFIED", "a"), (modified.Type, modified.Name));
        Assert.True(list.Version() < added.Version && added.Version < modified.Version);

        Cluster.Delete(Kind.Service, "a");
        Assert.Equal(("DELETED", "a", Cluster.Store.Version), await watch.NextAsync());
    }

    [Fact]
    public async Task A_watch_without_a_version_starts_with_everything()
    {
        Cluster.Put(Service("a")).Put(Service("b"));
        using var watch = await WatchAsync(Services);
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        Assert.Equal("ADDED b", await watch.NextTextAsync());
    }

    [Fact]
    public async Task What_comes_to_match_a_selector_is_added_and_what_ceases_to_is_deleted()
    {
        Cluster.Put(Service("a", "x"));
        using var watch = await WatchAsync(Services, $"&labelSelector=app%3Dy&resourceVersion={Cluster.Store.Version}");
        Cluster.Put(Service("a", "y")).Put(Service("a", "z"));
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        Assert.Equal(("DELETED", "a", Cluster.Store.Version), await watch.NextAsync());
    }

    [Fact]
    public async Task Bookmarks_come_to_those_who_allow_them()
    {
        using var with = await WatchAsync(Services, "&allowWatchBookmarks=true");
        using var without = await WatchAsync(Services);
        Cluster.Put(Pool("elsewhere"));
        var version = Cluster.Store.Version;
        Cluster.SendBookmarks();
        Cluster.Put(Service("a"));
        Assert.Equal(("BOOKMARK", "", version), await with.NextAsync());
        Assert.Equal("ADDED a", await without.NextTextAsync());
    }

    [Fact]
    public async Task A_watch_ends_in_time_with_a_last_bookmark()
    {
        using var watch = await WatchAsync(Services, "&allowWatchBookmarks=true&timeoutSeconds=1");
        Assert.Equal("BOOKMARK", await watch.NextTextAsync());
        Assert.Null(await watch.LineAsync());
        Assert.Equal(0, Cluster.OpenWatches);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_that_is_compacted_away_is_gone(bool asHttpStatus)
    {
        Cluster.Api.GoneAsHttpStatus = asHttpStatus;
        Cluster.Put(Service("a"));
        var version = Cluster.Store.Version;
        Cluster.Put(Service("b")).Compact();
        var query = $"&resourceVersion={version}";
        if (asHttpStatus)
        {
            IsStatus(await GetAsync($"{Services}?watch=true{query}"), 410, "Expired");
            return;
        }

        using var watch = await WatchAsync(Services, query);
        var line = await watch.LineAsync();
        Assert.StartsWith("""{"type":"ERROR","object":{"kind":"Status",""", line);
        Assert.Contains("\"code\":410", line);
        Assert.Null(await watch.LineAsync());

        using var relisted = await WatchAsync(Services, $"&resourceVersion={(await GetAsync(Services)).Body.Version()}");
        Cluster.Put(Service("c"));
        Assert.Equal("ADDED c", await relisted.NextTextAsync());
    }

    [Fact]
    public async Task Open_watches_can_be_failed_and_broken()
    {
        using var failed = await WatchAsync(Services);
        Cluster.FailWatches();
        Assert.Contains("\"code\":410", await failed.LineAsync());
        Assert.Null(await failed.LineAsync());

        using var ended = await WatchAsync(Services);
        Cluster.EndWatchesMidLine();
        Assert.StartsWith("{\"type\":\"MODIFIED\"", await ended.LineAsync());
        Assert.Null(await ended.LineAsync());

        using var broken = await WatchAsync(Services);
        Cluster.AbortWatches();
        await Assert.ThrowsAnyAsync<IOException>(broken.LineAsync);
    }

    [Fact]
    public async Task Http2_is_spoken_too()
    {
        using var client = new HttpClient
        {
            BaseAddress = Cluster.Http2Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Cluster.Put(Service("a"));
        Assert.Contains("\"a\"", await client.GetStringAsync(new Uri(Services, UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("HTTP/2", Cluster.Requests[^1].Protocol);
    }
}
