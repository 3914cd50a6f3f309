using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Cluster;

public sealed class FaultTests : ClusterTest
{
    [Fact]
    public async Task Errors_come_as_often_as_asked_and_to_whom()
    {
        Cluster.Spoil(Faults.Answer(ApiError.TooManyRequests(7)), static r => r.IsList, times: 2);
        Cluster.Spoil(Faults.Answer(ApiError.ServiceUnavailable()), static r => r.Method == "DELETE");
        using (var refused = await RawAsync(Services))
            Assert.Equal(TimeSpan.FromSeconds(7), refused.Headers.RetryAfter!.Delta);

        var second = await GetAsync(Services);
        IsStatus(second, 429, "TooManyRequests");
        Assert.Equal(7, (int?)second.Body["details"]!["retryAfterSeconds"]);
        Assert.Equal(200, (await GetAsync(Services)).Code);
        IsStatus(await SendAsync("DELETE", Services + "/a"), 503, "ServiceUnavailable");
        Cluster.Spoil(Faults.Gone);
        IsStatus(await GetAsync(Services), 410, "Expired");
        Assert.Equal(["GET", "GET", "GET", "DELETE", "GET"], Cluster.Requests.Select(static r => r.Method));
    }

    [Fact]
    public async Task A_token_that_expired_is_refused_until_it_is_renewed()
    {
        Cluster.Token = "new";
        IsStatus(await GetAsync(Services), 401, "Unauthorized");
        Headers.Authorization = new("Bearer", "old");
        IsStatus(await GetAsync(Services), 401, "Unauthorized");
        Headers.Authorization = new("Bearer", "new");
        Assert.Equal(200, (await GetAsync(Services)).Code);
        Assert.Equal("Bearer old", Cluster.Requests[1].Headers["authorization"]);
    }

    [Fact]
    public async Task A_watch_is_cut_within_an_event()
    {
        Cluster.Spoil(Faults.EndMidLine(wholeEvents: 1), static r => r.IsWatch);
        Cluster.Put(Service("a")).Put(Service("b"));
        using var watch = await WatchAsync(Services);
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        var half = await watch.LineAsync();
        Assert.StartsWith("{\"type\":\"ADDED\"", half);
        Assert.False(half!.EndsWith("}}"));
        Assert.Null(await watch.LineAsync());
        Assert.Equal(0, Cluster.OpenWatches);
    }

    [Fact]
    public async Task Events_come_twice_or_in_another_order()
    {
        Cluster.Spoil(Faults.DuplicateEvents).Spoil(Faults.ReverseEvents(2));
        Cluster.Put(Service("a")).Put(Service("b"));
        using var twice = await WatchAsync(Services);
        Assert.Equal("ADDED a", await twice.NextTextAsync());
        Assert.Equal("ADDED a", await twice.NextTextAsync());
        Assert.Equal("ADDED b", await twice.NextTextAsync());

        using var reversed = await WatchAsync(Services);
        Assert.Equal("ADDED b", await reversed.NextTextAsync());
        Assert.Equal("ADDED a", await reversed.NextTextAsync());
        Cluster.Put(Service("c"));
        Assert.Equal("ADDED c", await reversed.NextTextAsync());
    }

    [Fact]
    public async Task Crumbs_make_the_same_answer()
    {
        Cluster.Put(Service("a"));
        var (_, whole) = await GetAsync(Services);
        Cluster.Spoil(Faults.Trickle(50, TimeSpan.FromMilliseconds(1)));
        Assert.Equal(whole.ToJsonString(), (await GetAsync(Services)).Body.ToJsonString());
    }

    [Fact]
    public async Task A_cluster_that_is_down_refuses_and_comes_back_where_it_was_with_what_it_had()
    {
        Cluster.Put(Service("a"));
        using var watch = await WatchAsync(Services);
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        var address = Cluster.Address;
        await Cluster.GoDownAsync();
        await Assert.ThrowsAnyAsync<IOException>(watch.LineAsync);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(Services));

        await Cluster.GoUpAsync();
        Assert.Equal(address, Cluster.Address);
        Assert.Equal(200, (await GetAsync(Services + "/a")).Code);
    }

    [Fact]
    public async Task Connections_break_and_answers_never_come()
    {
        Cluster.Spoil(Faults.Abort).Spoil(Faults.Hang);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(Services + "?resourceVersion=0"));
        var waiting = GetAsync(Services);
        await Eventually.EqualsAsync(2, () => Cluster.Requests.Count, "requests");
        Assert.False(waiting.IsCompleted);
        await Cluster.GoDownAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
    }
}
