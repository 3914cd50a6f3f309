using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;
using L4Lb.Testing;
using Microsoft.AspNetCore.Http;

namespace L4Lb.K8s.Tests.Client;

public sealed class WatchTests : ClientTest
{
    [Fact]
    public async Task A_watch_goes_on_where_a_list_ended()
    {
        Cluster.Put(Service("old"));
        var client = Client();
        var list = await client.ListAsync(Resources.Services, Default, Cancellation);
        Cluster.Put(Service("a"));
        await using var watch = Watch(client, list.ResourceVersion);
        Assert.Equal("Bookmark ", await NextAsync(watch));
        Assert.Equal(list.ResourceVersion, watch.Current.ResourceVersion);
        Assert.Equal("Added a", await NextAsync(watch));
        Cluster.Put(Service("a", port: 81)).Delete(Kind.Service, "a");
        Assert.Equal("Modified a", await NextAsync(watch));
        Assert.Equal(81, watch.Current.Object!.Ports[0].Port);
        Assert.Equal(watch.Current.Object.Metadata.ResourceVersion, watch.Current.ResourceVersion);
        Assert.Equal("Deleted a", await NextAsync(watch));
        Assert.Equal($"{Cluster.Store.Version}", watch.Current.ResourceVersion);
    }

    [Fact]
    public async Task A_watch_asks_for_bookmarks_and_for_a_time_of_its_own()
    {
        var client = Client(new() { Random = new(1), ShortestWatch = TimeSpan.FromMinutes(5) });
        await using var watch = Watch(client, "");
        var next = NextAsync(watch);
        await Eventually.EqualsAsync(1, () => Cluster.OpenWatches, "watches");
        Cluster.Put(Pool("elsewhere")).SendBookmarks();
        Assert.Equal("Bookmark ", await next);
        Assert.Equal($"{Cluster.Store.Version}", watch.Current.ResourceVersion);

        await using var other = Watch(client, "");
        next = NextAsync(other);
        await Eventually.EqualsAsync(2, () => Cluster.OpenWatches, "watches");
        Cluster.SendBookmarks();
        await next;
        var seconds = Cluster.Requests.Select(static r => int.Parse(r.Query["timeoutSeconds"])).ToArray();
        Assert.All(seconds, static s => Assert.InRange(s, 300, 600));
        Assert.NotEqual(seconds[0], seconds[1]);
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        await using var watch = Watch(Client(new() { ShortestWatch = TimeSpan.FromMilliseconds(600), Random = new(2) }), "");
        Assert.Equal("Bookmark ", await NextAsync(watch));
        Assert.False(await watch.MoveNextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_that_is_too_old_is_expired_in_both_ways_to_say_so(bool asHttpStatus)
    {
        Cluster.Api.GoneAsHttpStatus = asHttpStatus;
        var version = Cluster.Put(Service("a")).Store.Version;
        Cluster.Put(Service("b")).Compact();
        await using var watch = Watch(Client(), $"{version}");
        if (!asHttpStatus)
            Assert.Equal("Bookmark ", await NextAsync(watch));

        var status = await FailsAsync(() => watch.MoveNextAsync().AsTask());
        Assert.True(status is { IsExpired: true, IsUnreachable: false, Code: 410 });
    }

    [Fact]
    public async Task An_error_in_the_middle_of_a_watch_is_told_after_what_came_before()
    {
        Cluster.Put(Service("a"));
        await using var watch = Watch(Client(), "");
        Assert.Equal("Added a", await NextAsync(watch));
        Cluster.FailWatches(new(500, "InternalError", "etcdserver: no leader") { RetryAfter = 3 });
        Assert.Equal(
            new ApiStatus(500, "InternalError", "etcdserver: no leader") { RetryAfter = TimeSpan.FromSeconds(3) },
            await FailsAsync(() => watch.MoveNextAsync().AsTask()));
    }

    [Fact]
    public async Task A_watch_that_is_cut_in_the_middle_of_an_event_has_not_ended()
    {
        Cluster.Put(Service("a")).Put(Service("b")).Spoil(Faults.EndMidLine(1));
        await using var watch = Watch(Client(), "");
        Assert.Equal("Added a", await NextAsync(watch));
        var status = await FailsAsync(() => watch.MoveNextAsync().AsTask());
        Assert.Equal(new ApiStatus(0, ApiStatus.Unreachable, "the connection ended in the middle of an event"), status);
    }

    [Fact]
    public async Task A_watch_whose_connection_breaks_has_not_ended()
    {
        Cluster.Put(Service("a"));
        await using var watch = Watch(Client(), "");
        Assert.Equal("Added a", await NextAsync(watch));
        Cluster.AbortWatches();
        Assert.True((await FailsAsync(() => watch.MoveNextAsync().AsTask())).IsUnreachable);

        await using var late = Watch(Client(), "");
        Assert.Equal("Added a", await NextAsync(late));
        await Cluster.GoDownAsync();
        Assert.True((await FailsAsync(() => late.MoveNextAsync().AsTask())).IsUnreachable);
    }

    [Fact]
    public async Task Crumbs_and_repetitions_come_through_as_events()
    {
        Cluster.Put(Service("a")).Put(Service("b"));
        Cluster.Spoil(Faults.Trickle(11, TimeSpan.FromMilliseconds(1))).Spoil(Faults.DuplicateEvents).Spoil(Faults.ReverseEvents(2));
        await using var slow = Watch(Client(), "");
        Assert.Equal(["Added a", "Added b"], [await NextAsync(slow), await NextAsync(slow)]);
        await using var twice = Watch(Client(), "");
        Assert.Equal(["Added a", "Added a", "Added b"], [await NextAsync(twice), await NextAsync(twice), await NextAsync(twice)]);
        await using var reversed = Watch(Client(), "");
        Assert.Equal(["Added b", "Added a"], [await NextAsync(reversed), await NextAsync(reversed)]);
    }

    [Fact]
    public async Task Silence_for_too_long_is_an_error_but_not_that_of_the_reader()
    {
        var time = new ManualTime();
        Cluster.Put(Service("a")).Put(Service("b"));
        await using var watch = Watch(Client(new() { Time = time }), "");
        Assert.Equal("Added a", await NextAsync(watch));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Added b", await NextAsync(watch));

        var next = NextAsync(watch);
        await Eventually.HoldsAsync(() => time.TimersWaiting > 0, () => "no timer");
        time.Advance(TimeSpan.FromMinutes(2.9));
        Cluster.SendBookmarks();
        Assert.Equal("Bookmark ", await next);

        next = NextAsync(watch);
        await Eventually.HoldsAsync(() => time.TimersWaiting > 0, () => "no timer");
        time.Advance(TimeSpan.FromMinutes(2.9));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Equal(new ApiStatus(0, ApiStatus.Unreachable, "nothing came for 180 s"), await FailsAsync(() => next));
    }

    [Fact]
    public async Task A_server_that_does_not_begin_a_watch_is_given_up()
    {
        var time = new ManualTime();
        Cluster.Spoil(Faults.Hang);
        await using var watch = Watch(Client(new() { Time = time }), "");
        var next = NextAsync(watch);
        await Eventually.EqualsAsync(1, () => Cluster.Requests.Count, "requests");
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("nothing came for 30 s", (await FailsAsync(() => next)).Message);
    }

    [Theory]
    [InlineData(1_000_000, 0)]
    [InlineData(2_000, 1)]
    public async Task An_event_has_a_largest_size(int maxBytes, int errors)
    {
        // Longer than the buffers in between.
        Cluster.Put(Service("a", new string('x', 300_000))).Put(Service("b"));
        await using var watch = Watch(Client(new() { MaxEventBytes = maxBytes }), "");
        if (errors == 0)
        {
            Assert.Equal("Added a", await NextAsync(watch));
            Assert.Equal(300_000, watch.Current.Object!.Metadata.Labels["app"].Length);
            Assert.Equal("Added b", await NextAsync(watch));
            return;
        }

        var status = await FailsAsync(() => watch.MoveNextAsync().AsTask());
        Assert.Equal("an event is longer than 2,000 bytes", status.Message);
    }

    [Theory]
    [InlineData("\n\r\n", "")]
    [InlineData("""{"type":"NEW","object":{}}""" + "\n", "an event is of the unknown type NEW")]
    [InlineData("""{"type":"ADDED"}""" + "\n", "an event has no object")]
    [InlineData("""{"type":"ADDED","object":{}}}""" + "\n", "the answer is not valid JSON")]
    [InlineData("<html>\n", "the answer is not valid JSON")]
    [InlineData("null\n", "the answer is no JSON object")]
    [InlineData("""{"type":"ERROR","object":{"kind":"Status"}}""" + "\n", "HTTP 500 InternalServerError")]
    public async Task What_is_no_event_is_an_error(string lines, string message)
    {
        Cluster.Spoil((context, _) => context.Response.WriteAsync(lines));
        await using var watch = Watch(Client(), "");
        if (message.Length == 0)
        {
            Assert.False(await watch.MoveNextAsync());
            return;
        }

        Assert.StartsWith(message, (await FailsAsync(() => watch.MoveNextAsync().AsTask())).Message);
    }

    [Fact]
    public async Task Whoever_stops_watching_leaves_the_server_alone()
    {
        Cluster.Put(Service("a"));
        using var stop = new CancellationTokenSource();
        await using var watch = Client().WatchAsync(Resources.Services, Default, "", stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.Equal("Added a", await NextAsync(watch));
        var next = NextAsync(watch);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await Eventually.EqualsAsync(0, () => Cluster.OpenWatches, "watches");

        await foreach (var change in Client().WatchAsync(Resources.Services, Default, "", Cancellation))
        {
            Assert.Equal("a", change.Object!.Metadata.Name);
            break;
        }

        await Eventually.EqualsAsync(0, () => Cluster.OpenWatches, "watches");
    }

    private static IAsyncEnumerator<WatchEvent<Service>> Watch(KubernetesApi client, string version) =>
        client.WatchAsync(Resources.Services, Default, version, Cancellation).GetAsyncEnumerator(Cancellation);

    private static async Task<string> NextAsync(IAsyncEnumerator<WatchEvent<Service>> watch)
    {
        Assert.True(await watch.MoveNextAsync());
        return $"{watch.Current.Type} {watch.Current.Object?.Metadata.Name}";
    }
}
