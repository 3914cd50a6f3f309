using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Informers;

public sealed class InformerTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly ScriptedApi<Node> _api = new();
    private readonly ListInformerLog _log = new();
    private readonly List<string> _changes = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Informer<Node> _informer;
    private Task _running = Task.CompletedTask;

    public InformerTests()
    {
        _informer = new(_api, Resources.Nodes, ApiScope.All, _time, static () => 0, _log);
        _informer.Changed += change => _changes.Add(Text(change));
    }

    public ValueTask InitializeAsync()
    {
        _running = _informer.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task It_has_synced_after_the_first_list_and_its_changes()
    {
        var syncedAtChange = new List<bool>();
        _informer.Changed += _ => syncedAtChange.Add(_informer.HasSynced);
        var list = await _api.NextListAsync();
        var waiting = _informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(InformerPhase.Syncing, _informer.Status.Phase);

        list.Answer("10", Node("a", 3), Node("b", 7));
        await waiting;
        Assert.True(_informer.HasSynced);
        Assert.Equal([false, false], syncedAtChange);
        Assert.Equal(["+a@3", "+b@7"], _changes);
        Assert.Equal(["a", "b"], _informer.Items.Select(static n => n.Metadata.Name).Order());
        Assert.Equal("3", _informer.Find(new("", "a"))!.Metadata.ResourceVersion);
        Assert.Null(_informer.Find(new("default", "a")));
        await _api.NextWatchAsync("10");
        Assert.Equal((InformerPhase.Watching, 2, 1, null), (_informer.Status.Phase, _informer.Status.Objects, _informer.Status.Lists, _informer.Status.Problem));
        Assert.Equal(["nodes: 2 objects, 2 changes"], _log.Lines);
    }

    [Fact]
    public async Task Every_event_is_told_once_it_shows()
    {
        var watch = await SyncAsync(Node("a", 3));
        _informer.Changed += change => Assert.Same(change.After, _informer.Find(change.Name));
        var before = _informer.Items;
        await watch.TellAsync(WatchEventType.Added, Node("b", 11));
        await watch.TellAsync(WatchEventType.Modified, Node("a", 12, "x"));
        await watch.TellAsync(WatchEventType.Deleted, Node("a", 13, "x"));
        Assert.Equal(["+b@11", "a@3→12", "-a@12"], _changes);
        Assert.Equal("a", Assert.Single(before).Metadata.Name);
        Assert.Equal("b", Assert.Single(_informer.Items).Metadata.Name);
        Assert.DoesNotContain(_log.Lines, static l => l.Contains("handler", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_changes_nothing_of_interest_is_kept_but_not_told()
    {
        var watch = await SyncAsync(Node("a", 3));
        await watch.TellAsync(WatchEventType.Modified, Node("a", 11));
        await watch.TellAsync(WatchEventType.Added, Node("a", 11));
        await watch.TellAsync(WatchEventType.Deleted, Node("unknown", 12));
        Assert.Empty(_changes);
        Assert.Equal("11", _informer.Find(new("", "a"))!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_name_that_is_used_again_is_another_object()
    {
        var watch = await SyncAsync(Node("a", 3));
        var again = Node("a", 12) with { Metadata = Node("a", 12).Metadata with { Uid = "another" } };
        await watch.TellAsync(WatchEventType.Added, again);
        Assert.Equal(["a@3→12"], _changes);
    }

    [Fact]
    public async Task A_watch_that_ends_in_good_order_is_taken_up_from_the_last_version_at_once()
    {
        var watch = await SyncAsync(Node("a", 3));
        await watch.TellAsync(WatchEventType.Modified, Node("a", 11, "x"));
        await watch.BookmarkAsync("20");
        _time.Advance(TimeSpan.FromMinutes(5));
        watch.End();
        watch = await _api.NextWatchAsync("20");
        await watch.TellAsync(WatchEventType.Modified, Node("a", 21, "y"));
        _time.Advance(TimeSpan.FromMinutes(5));
        watch.End();
        await _api.NextWatchAsync("21");
        Assert.Equal(1, _informer.Status.Lists);
    }

    [Fact]
    public async Task Watches_that_end_at_once_are_not_asked_for_at_once()
    {
        var watch = await SyncAsync();
        watch.End();
        await PausesAsync(0.2);
        (await _api.NextWatchAsync("10")).End();
        await PausesAsync(0.4);
        await _api.NextWatchAsync("10");
    }

    [Fact]
    public async Task A_broken_watch_is_taken_up_where_it_broke_without_a_list()
    {
        var watch = await SyncAsync(Node("a", 3));
        await watch.TellAsync(WatchEventType.Modified, Node("a", 11, "x"));
        watch.Break();
        await PausesAsync(0.2);
        Assert.Equal((InformerPhase.Failing, "scripted Unreachable"), (_informer.Status.Phase, _informer.Status.Problem));
        watch = await _api.NextWatchAsync("11");
        await watch.BookmarkAsync("11");
        Assert.Equal((InformerPhase.Watching, null), (_informer.Status.Phase, _informer.Status.Problem));
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task While_the_server_is_away_everything_stays_and_people_read_of_it_once()
    {
        var watch = await SyncAsync(Node("a", 3));
        var down = _time.GetUtcNow();
        watch.Break();
        for (var i = 0; i < 100; i++)
        {
            await EndPauseAsync();
            (await _api.NextWatchAsync("10")).Break();
        }

        Assert.Equal("a", Assert.Single(_informer.Items).Metadata.Name);
        Assert.True(_informer.HasSynced);
        Assert.Equal((InformerPhase.Failing, down), (_informer.Status.Phase, _informer.Status.Since));
        Assert.True(_time.GetUtcNow() - down > TimeSpan.FromMinutes(45));
        Assert.Equal(["nodes: 1 objects, 1 changes", "nodes: failing: scripted Unreachable"], _log.Lines);

        await EndPauseAsync();
        (await _api.NextWatchAsync("10")).Fail(403, "Forbidden");
        await EndPauseAsync();
        await (await _api.NextWatchAsync("10")).TellAsync(WatchEventType.Deleted, Node("a", 11));
        Assert.Equal(["nodes: failing: scripted Forbidden", $"nodes: recovered after {_time.GetUtcNow() - down}"], _log.Lines.Skip(2));
        Assert.Equal(["-a@3"], _changes);
    }

    [Fact]
    public async Task What_the_server_has_forgotten_is_listed_anew_and_only_differences_are_told()
    {
        var watch = await SyncAsync(Node("a", 3), Node("b", 4), Node("c", 5), Node("d", 6));
        watch.Fail(410, "Expired");
        await EndPauseAsync();
        Assert.Equal(InformerPhase.Syncing, _informer.Status.Phase);
        var list = await _api.NextListAsync();
        Assert.Equal(4, _informer.Items.Count);
        list.Answer("50", Node("e", 41), Node("b", 4), Node("c", 42), Node("d", 43, "x"));
        await _api.NextWatchAsync("50");
        Assert.Equal(["-a@3", "+e@41", "d@6→43"], _changes);
        Assert.Equal("42", _informer.Find(new("", "c"))!.Metadata.ResourceVersion);
        Assert.Equal("nodes: 4 objects, 3 changes, because scripted Expired", _log.Lines[^1]);
    }

    [Fact]
    public async Task A_list_that_fails_changes_nothing_and_is_tried_again()
    {
        var watch = await SyncAsync(Node("a", 3));
        watch.Fail(410, "Expired");
        await EndPauseAsync();
        (await _api.NextListAsync()).Fail(500, "InternalError");
        await EndPauseAsync();
        Assert.Equal("a", Assert.Single(_informer.Items).Metadata.Name);
        (await _api.NextListAsync()).Answer("50");
        await _api.NextWatchAsync("50");
        Assert.Equal(["-a@3"], _changes);
    }

    [Fact]
    public async Task Events_in_the_wrong_order_lead_to_a_list()
    {
        var watch = await SyncAsync(Node("a", 3));
        await watch.TellAsync(WatchEventType.Modified, Node("a", 100, "new"));
        await watch.TellAsync(WatchEventType.Modified, Node("a", 99, "old"));
        await EndPauseAsync();
        Assert.Equal("100", _informer.Find(new("", "a"))!.Metadata.ResourceVersion);
        (await _api.NextListAsync()).Answer("101", Node("a", 100, "new"));
        await _api.NextWatchAsync("101");
        Assert.Equal(["a@3→100"], _changes);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(503, true)]
    [InlineData(401, true)]
    [InlineData(504, false)]
    [InlineData(400, false)]
    public async Task A_refused_watch_is_tried_again_unless_its_version_may_be_the_reason(int code, bool goesOn)
    {
        var watch = await SyncAsync();
        watch.Fail(code, "Refused", TimeSpan.FromSeconds(9));
        await PausesAsync(9);
        if (goesOn)
            await _api.NextWatchAsync("10");
        else
            await _api.NextListAsync();
    }

    [Fact]
    public async Task A_kind_that_the_server_does_not_know_is_empty_until_it_does()
    {
        (await _api.NextListAsync()).Fail(404, "NotFound");
        await _informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_informer.Items);
        Assert.False(_informer.Served.IsCompleted);
        for (var i = 0; i < 10; i++)
        {
            await EndPauseAsync();
            (await _api.NextListAsync()).Fail(404, "NotFound");
        }

        Assert.Equal((InformerPhase.NotServed, DateTimeOffset.UnixEpoch), (_informer.Status.Phase, _informer.Status.Since));
        await PausesAsync(30);
        (await _api.NextListAsync()).Answer("10", Node("a", 3));
        await _api.NextWatchAsync("10");
        Assert.True(_informer.Served.IsCompleted);
        Assert.Equal(["nodes: not served", "nodes: 1 objects, 1 changes"], _log.Lines);
        Assert.Equal(["+a@3"], _changes);
    }

    [Fact]
    public async Task Once_known_objects_outlive_a_server_that_no_longer_knows_the_kind()
    {
        var watch = await SyncAsync(Node("a", 3));
        watch.Fail(404, "NotFound");
        await EndPauseAsync();
        (await _api.NextListAsync()).Fail(404, "NotFound");
        await EndPauseAsync();
        Assert.Equal(InformerPhase.Failing, _informer.Status.Phase);
        Assert.Single(_informer.Items);
        (await _api.NextListAsync()).Answer("10", Node("a", 3));
        await _api.NextWatchAsync("10");
        Assert.Empty(_changes);
    }

    [Fact]
    public async Task A_handler_that_throws_harms_nobody_else()
    {
        _informer.Changed += static _ => throw new InvalidOperationException("oops");
        var later = 0;
        _informer.Changed += _ => later++;
        var watch = await SyncAsync(Node("a", 3));
        await watch.TellAsync(WatchEventType.Modified, Node("a", 11, "x"));
        Assert.Equal(2, later);
        Assert.Equal(2, _log.Lines.Count(static l => l == "nodes: handler failed: oops"));
        Assert.Equal("11", _informer.Find(new("", "a"))!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task An_unforeseen_failure_leads_to_a_list()
    {
        var watch = await SyncAsync(Node("a", 3));
        watch.Fail(new InvalidDataException("garbage"));
        await EndPauseAsync();
        Assert.Contains("garbage", _informer.Status.Problem, StringComparison.Ordinal);
        (await _api.NextListAsync()).Answer("10", Node("a", 3));
        await _api.NextWatchAsync("10");
        Assert.Empty(_changes);
    }

    [Fact]
    public async Task It_says_when_it_heard_something_last()
    {
        var watch = await SyncAsync();
        Assert.Null(_informer.Status.LastEvent);
        _time.Advance(TimeSpan.FromSeconds(90));
        await watch.BookmarkAsync("11");
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(90), _informer.Status.LastEvent);
    }

    private static Node Node(string name, int version, string label = "") => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = "",
            Uid = name,
            ResourceVersion = $"{version}",
            Labels = new ObjectMeta().Labels.SetItem("label", label),
        },
    };

    private static string Text(ObjectChange<Node> change) => change switch
    {
        { Before: null, After: var after } => $"+{change.Name}@{after!.Metadata.ResourceVersion}",
        { Before: var before, After: null } => $"-{change.Name}@{before.Metadata.ResourceVersion}",
        { Before: var before, After: var after } =>
            $"{change.Name}@{before.Metadata.ResourceVersion}→{after.Metadata.ResourceVersion}",
    };

    // The changes of the first list are forgotten: most tests are about what comes after it.
    private async Task<ScriptedApi<Node>.Call> SyncAsync(params Node[] nodes)
    {
        (await _api.NextListAsync()).Answer("10", nodes);
        var watch = await _api.NextWatchAsync("10");
        _changes.Clear();
        return watch;
    }

    private async Task PausesAsync(double seconds)
    {
        await Eventually.EqualsAsync(1, () => _time.TimersWaiting, "pauses");
        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.False(_api.IsAsked);
        Assert.Equal(1, _time.TimersWaiting);
        _time.Advance(TimeSpan.FromTicks(1));
    }

    private async Task EndPauseAsync()
    {
        await Eventually.EqualsAsync(1, () => _time.TimersWaiting, "pauses");
        _time.Advance(TimeSpan.FromSeconds(46));
    }
}
