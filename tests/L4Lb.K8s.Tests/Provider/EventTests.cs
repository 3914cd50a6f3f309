using L4Lb.K8s.Client;
using L4Lb.K8s.Provider;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>What people read in <c>kubectl describe service</c>.</summary>
public sealed class EventTests
{
    private static readonly EventSubject s_web = new("v1", "Service", "default", "web", "uid-1");

    private readonly ManualTime _time = new();
    private readonly ObjectStore _store = new();

    [Fact]
    public async Task A_Service_tells_its_life()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        rig.Service("waits");
        await rig.WaitsAsync("waits", "PoolExhausted");
        rig.Pool("b", "198.51.100.1");
        await rig.HasAsync("waits", "198.51.100.1");
        rig.Pool("b", "198.51.100.1-198.51.100.2").Delete(Kind.AddressPool, "a");
        await rig.HasAsync("web", "198.51.100.2");
        rig.Patch("web", """{"spec": {"type": "ClusterIP"}}""");
        await rig.IsLeftAsync("web");

        string[] expected =
        [
            "EnsuringLoadBalancer: Ensuring load balancer",
            "EnsuredLoadBalancer: Ensured load balancer: 192.0.2.1 of the address pool a",
            "UpdatedLoadBalancer: Updated load balancer: 198.51.100.2 of the address pool b",
            "DeletingLoadBalancer: Deleting load balancer",
            "DeletedLoadBalancer: Deleted load balancer",
        ];
        await Eventually.HoldsAsync(() => About(rig, "web").SequenceEqual(expected), () => string.Join('\n', About(rig, "web")));
        Assert.Equal(
            "AllocationFailed: no free IPv4 address in a; add addresses, or let Services share one", About(rig, "waits").First());
    }

    [Fact]
    public async Task An_event_is_as_the_server_wants_it()
    {
        await using var running = new Running(this);
        running.Recorder.Record(new(s_web, true, "AllocationFailed", "EnsureLoadBalancer", new string('x', 2000)));
        var document = await running.SingleAsync(1);
        Assert.Equal(("Warning", "AllocationFailed", "EnsureLoadBalancer"), ((string)document["type"]!, (string)document["reason"]!, (string)document["action"]!));
        Assert.Equal(("l4lb.io/provider", "node-1"), ((string)document["reportingController"]!, (string)document["reportingInstance"]!));
        Assert.Equal(("Service", "web", "uid-1"), ((string)document["regarding"]!["kind"]!, (string)document["regarding"]!["name"]!, (string)document["regarding"]!["uid"]!));
        Assert.Equal(1024, ((string)document["note"]!).Length);
        Assert.StartsWith("web.", document.Name(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happens_again_is_counted()
    {
        await using var running = new Running(this);
        for (var i = 1; i <= 3; i++)
        {
            running.Recorder.Record(new(s_web, true, "SyncLoadBalancerFailed", "Sync", "no"));
            var document = await running.SingleAsync(i);
            Assert.Equal(i == 1 ? null : i, (int?)document["series"]?["count"]);
        }

        // What the server has forgotten begins anew, and so does what has not happened for long.
        _store.Write(running.Key, static _ => null);
        running.Recorder.Record(new(s_web, true, "SyncLoadBalancerFailed", "Sync", "no"));
        await running.SingleAsync(1);
        _time.Advance(TimeSpan.FromMinutes(7));
        running.Recorder.Record(new(s_web, true, "SyncLoadBalancerFailed", "Sync", "no"));
        await Eventually.EqualsAsync(2, () => running.Events.Count(), "events");
    }

    [Fact]
    public async Task A_server_that_is_away_costs_events_and_nothing_else()
    {
        await using var running = new Running(this);
        running.Api.Around = static (call, _, _) => throw new ApiException(new(0, ApiStatus.Unreachable, ""), call.ToString());
        var told = 0;
        running.Recorder.Recorded += _ => told++;
        for (var i = 0; i < 5000; i++)
        {
            running.Recorder.Record(new(s_web with { Name = $"s{i}" }, false, "x", "y", ""));
        }

        Assert.Equal(5000, told);
        await Eventually.EqualsAsync(0, () => running.Recorder.Waiting, "waiting");
        running.Api.Around = static (_, answer, _) => Task.FromResult(answer());
        running.Recorder.Record(new(s_web, false, "Back", "y", ""));
        await Eventually.HoldsAsync(() => running.Events.Any(static e => (string)e["reason"]! == "Back"), () => string.Join('\n', running.Events));
    }

    [Fact]
    public void Too_many_about_one_object_are_left_out()
    {
        var series = new EventSeries(_time);
        bool Says(int i, string name = "web") => series.Count(new(s_web with { Name = name }, false, "x", "y", $"{i}")) is not null;
        Assert.Equal(25, Enumerable.Range(0, 100).Count(i => Says(i)));
        Assert.True(Says(0, "other"));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, Enumerable.Range(200, 100).Count(i => Says(i)));
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        var series = new EventSeries(_time);
        for (var i = 0; i < 100_000; i++)
        {
            series.Count(new(s_web with { Name = $"s{i}" }, false, "x", "y", ""));
        }

        Assert.InRange(series.Remembered, 1, 10_000);
    }

    private static IEnumerable<string> About(ProviderRig rig, string service) => rig.Store.At(null).Objects
        .Where(o => o.Key.Kind == Kind.Event && (string?)o.Value["regarding"]!["name"] == service)
        .OrderBy(static o => Convert.ToInt64(o.Value.Name().Split('.')[1], 16))
        .Select(static o => $"{o.Value["reason"]}: {o.Value["note"]}");

    /// <summary>A recorder at work.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly EventTests _test;
        private readonly Task _work;

        public Running(EventTests test)
        {
            _test = test;
            Api = new(test._store);
            Recorder = new(Api, "l4lb.io/provider", "node-1", test._time);
            _work = Recorder.RunAsync(_stop.Token);
        }

        public StoreApi Api { get; }

        public EventRecorder Recorder { get; }

        public IEnumerable<System.Text.Json.Nodes.JsonObject> Events =>
            _test._store.At(null).Objects.Where(static o => o.Key.Kind == Kind.Event).Select(static o => o.Value);

        public ObjectKey Key => _test._store.At(null).Objects.Single(static o => o.Key.Kind == Kind.Event).Key;

        public async Task<System.Text.Json.Nodes.JsonObject> SingleAsync(int count)
        {
            await Eventually.HoldsAsync(
                () => Events.ToList() is [var only] && ((int?)only["series"]?["count"] ?? 1) == count, () => string.Join('\n', Events));
            return Events.Single();
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _work);
            _stop.Dispose();
        }
    }
}
