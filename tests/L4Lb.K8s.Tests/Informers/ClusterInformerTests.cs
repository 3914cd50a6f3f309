using L4Lb.K8s.Client;
using L4Lb.K8s.Config;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Client;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Informers;

/// <summary>Informer and client against an API server and all that can go wrong with it.</summary>
public sealed class ClusterInformerTests : ClientTest
{
    private readonly ListInformerLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _changes = [];
    private Informer<Service> _informer = null!;
    private Task _running = Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task It_follows_what_happens()
    {
        Cluster.Put(Service("a")).Put(Service("b"));
        await StartAsync();
        Cluster.Put(Service("c")).Put(Service("a", port: 81)).Delete(Kind.Service, "b");
        await KnowsAsync("a:81 c:80");
        await ToldAsync("+a +b +c ~a -b");
        Assert.Equal((1, 1), (Lists(), Watches()));
    }

    [Fact]
    public async Task A_watch_that_is_cut_within_an_event_goes_on_with_that_event()
    {
        Cluster.Spoil(Faults.EndMidLine(1), static r => r.IsWatch).Spoil(Faults.EndMidLine(1), static r => r.IsWatch);
        await StartAsync();
        Cluster.Put(Service("a")).Put(Service("b")).Put(Service("c"));
        await KnowsAsync("a:80 b:80 c:80");
        await ToldAsync("+a +b +c");
        Assert.Equal((1, 3), (Lists(), Watches()));
    }

    [Fact]
    public async Task Crumbs_and_repetitions_make_no_difference()
    {
        Cluster.Put(Service("a"));
        Cluster.Spoil(Faults.Trickle(20, TimeSpan.FromMilliseconds(1)), static r => r.IsList);
        Cluster.Spoil(Faults.Trickle(20, TimeSpan.FromMilliseconds(1)), static r => r.IsWatch);
        Cluster.Spoil(Faults.DuplicateEvents, static r => r.IsWatch);
        await StartAsync();
        Cluster.Put(Service("a", port: 81));
        await KnowsAsync("a:81");
        Cluster.AbortWatches();
        await Eventually.EqualsAsync(2, Watches, "watches");
        Cluster.Put(Service("b")).Delete(Kind.Service, "a");
        await KnowsAsync("b:80");
        Cluster.Delete(Kind.Service, "b").Put(Service("c"));
        await KnowsAsync("c:80");
        await ToldAsync("+a ~a +b -a -b +c");
        Assert.Equal(1, Lists());
    }

    [Fact]
    public async Task Events_in_the_wrong_order_after_a_new_list_do_not_stay_wrong()
    {
        await StartAsync();
        Cluster.Spoil(Faults.ReverseEvents(3), static r => r.IsWatch);
        Cluster.FailWatches();
        await Eventually.EqualsAsync((2, 2), () => (Lists(), Watches()), "lists and watches");
        await Eventually.EqualsAsync(1, () => Cluster.OpenWatches, "open watches");
        Cluster.Put(Service("a")).Put(Service("a", port: 81)).Delete(Kind.Service, "a");
        await Eventually.EqualsAsync((3, 3), () => (Lists(), Watches()), "lists and watches");
        Cluster.Put(Service("b"));
        await KnowsAsync("b:80");
        Assert.Contains("because the watch told of an older version", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_requests_are_answered_with_the_patience_that_is_asked_for()
    {
        Cluster.Spoil(Faults.Answer(ApiError.TooManyRequests(1)), static r => r.IsList);
        Cluster.Spoil(Faults.Answer(ApiError.TooManyRequests(1)), static r => r.IsWatch);
        var began = TimeProvider.System.GetTimestamp();
        await StartAsync();
        Cluster.Put(Service("a"));
        await KnowsAsync("a:80");
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(2));
        Assert.Equal((2, 2), (Lists(), Watches()));
    }

    [Fact]
    public async Task A_token_that_expires_costs_nothing_that_is_known()
    {
        var token = "old";
        Cluster.Token = "old";
        Cluster.Put(Service("a"));
        await StartAsync(new Tokens(() => Volatile.Read(ref token)));
        Cluster.Token = "new";
        Cluster.AbortWatches();
        Cluster.Put(Service("a", port: 81));
        await Eventually.HoldsAsync(
            () => _log.Lines.Any(static l => l.Contains("Unauthorized", StringComparison.Ordinal)), () => "nothing in the log");
        Assert.Equal(InformerPhase.Failing, _informer.Status.Phase);
        Assert.Equal("a:80", Known());

        Volatile.Write(ref token, "new");
        await KnowsAsync("a:81");
        Assert.Equal((InformerPhase.Watching, 1), (_informer.Status.Phase, _informer.Status.Lists));
    }

    [Fact]
    public async Task A_server_that_was_down_is_taken_up_where_it_was()
    {
        Cluster.Put(Service("a")).Put(Service("b"));
        await StartAsync();
        await Cluster.GoDownAsync();
        Cluster.Put(Service("a", port: 81)).Delete(Kind.Service, "b").Put(Service("c"));
        await Eventually.EqualsAsync(InformerPhase.Failing, () => _informer.Status.Phase, "phase");
        Assert.Equal("a:80 b:80", Known());
        await Cluster.GoUpAsync();
        await KnowsAsync("a:81 c:80");
        await ToldAsync("+a +b ~a -b +c");
        Assert.Equal(1, Lists());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_was_down_for_too_long_is_listed_anew(bool asHttpStatus)
    {
        Cluster.Api.GoneAsHttpStatus = asHttpStatus;
        Cluster.Put(Service("a")).Put(Service("b")).Put(Service("same"));
        await StartAsync();
        await Cluster.GoDownAsync();
        Cluster.Put(Service("a", port: 81)).Delete(Kind.Service, "b").Put(Service("c")).Compact();
        await Cluster.GoUpAsync();
        await KnowsAsync("a:81 c:80 same:80");
        await ToldAsync("+a +b +same -b ~a +c");
        Cluster.Put(Service("d"));
        await KnowsAsync("a:81 c:80 d:80 same:80");
        Assert.Equal(2, Lists());
        Assert.Equal(InformerPhase.Watching, _informer.Status.Phase);
    }

    [Fact]
    public async Task A_bookmark_saves_the_list_after_a_quiet_time()
    {
        Cluster.Put(Service("a"));
        await StartAsync();
        Cluster.Put(Pool("elsewhere"));
        Cluster.Compact();
        await Eventually.HoldsAsync(() => _informer.Status.LastEvent is not null, () => "the watch was not accepted");
        var accepted = _informer.Status.LastEvent;
        Cluster.SendBookmarks();
        await Eventually.HoldsAsync(() => _informer.Status.LastEvent > accepted, () => "no bookmark");
        Cluster.AbortWatches();
        await Eventually.EqualsAsync(2, Watches, "watches");
        Cluster.Put(Service("b"));
        await KnowsAsync("a:80 b:80");
        Assert.Equal(1, Lists());
    }

    [Fact]
    public async Task A_server_that_is_back_is_well_although_it_has_nothing_to_tell()
    {
        Cluster.Put(Service("a"));
        await StartAsync();
        await Cluster.GoDownAsync();
        await Eventually.HoldsAsync(() => _log.Lines.Count == 2, () => "nothing in the log");
        await Cluster.GoUpAsync();
        await Eventually.EqualsAsync(InformerPhase.Watching, () => _informer.Status.Phase, "phase");
        Assert.StartsWith("services: recovered after", _log.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(1, Lists());
    }

    [Fact]
    public async Task A_start_while_the_server_is_down_is_a_late_start()
    {
        Cluster.Put(Service("a"));
        await Cluster.GoDownAsync();
        Start();
        await Eventually.EqualsAsync(InformerPhase.Failing, () => _informer.Status.Phase, "phase");
        Assert.False(_informer.HasSynced);
        await Cluster.GoUpAsync();
        await KnowsAsync("a:80");
    }

    [Fact]
    public async Task Answers_that_break_or_make_no_sense_are_asked_for_again()
    {
        Cluster.Put(Service("a"));
        Cluster.Spoil(Faults.Abort, static r => r.IsList).Spoil(Faults.EndMidLine(0), static r => r.IsList);
        Cluster.Spoil(Faults.Answer(ApiError.ServiceUnavailable()), static r => r.IsWatch).Spoil(Faults.Abort, static r => r.IsWatch);
        await StartAsync();
        Cluster.Put(Service("b"));
        await KnowsAsync("a:80 b:80");
        await ToldAsync("+a +b");
        Assert.Equal((3, 3), (Lists(), Watches()));
    }

    [Fact]
    public async Task A_kind_that_is_installed_later_is_found()
    {
        Cluster.Spoil(Faults.Answer(new(404, "NotFound", "the server could not find the requested resource")), static r => r.IsList, 2);
        Cluster.Put(Service("a"));
        Start();
        await _informer.WaitForSyncAsync(Cancellation);
        await KnowsAsync("a:80");
        Assert.Equal(["services: not served", "services: 1 objects, 1 changes"], _log.Lines);
    }

    private void Start(IApiCredentials? credentials = null)
    {
        _informer = new(Client(credentials: credentials), Resources.Services, Default, TimeProvider.System, static () => 0, _log);
        _informer.Changed += change =>
        {
            lock (_changes)
                _changes.Add($"{(change.Before is null ? "+" : change.After is null ? "-" : "~")}{change.Name.Name}");
        };
        _running = _informer.RunAsync(_stop.Token);
    }

    // Returns when the first watch is open: what happens from then on are events.
    private async Task StartAsync(IApiCredentials? credentials = null)
    {
        Start(credentials);
        await _informer.WaitForSyncAsync(Cancellation);
        await Eventually.EqualsAsync(1, () => Cluster.OpenWatches, "open watches");
    }

    private int Lists() => Cluster.Requests.Count(static r => r.IsList);

    private int Watches() => Cluster.Requests.Count(static r => r.IsWatch);

    private string Known() =>
        string.Join(' ', _informer.Items.Select(static s => $"{s.Metadata.Name}:{s.Ports[0].Port}").Order(StringComparer.Ordinal));

    // What is known is there a moment before it is told.
    private Task ToldAsync(string changes) => Eventually.EqualsAsync(changes, Changes, "what was told");

    private Task KnowsAsync(string services) => Eventually.EqualsAsync(services, Known, "what is known");

    private string Changes()
    {
        lock (_changes)
            return string.Join(' ', _changes);
    }

    private sealed class Tokens(Func<string> token) : IApiCredentials
    {
        public ApiCredential? Known => null;

        public ValueTask<ApiCredential> GetAsync(CancellationToken cancellation) => new(new ApiCredential($"Bearer {token()}"));

        public void Reject(ApiCredential credential)
        {
        }
    }
}
