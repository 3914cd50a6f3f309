using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Lab.Replay;
using L4Lb.Lab.Results;
using L4Lb.Lab.Tests.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Replay;

public class ReplayerTests
{
    private static readonly long s_start = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public async Task What_was_is_measured_as_it_was()
    {
        // Two at backend 1 whose times overlap by half a second, one at backend 2 after 250 ms in the queue.
        LoggedSession[] log =
        [
            Session(0, client: 1, backend: 1, total: 1), Session(0.5, client: 2, backend: 1, total: 1, attempts: 3),
            Session(1, client: 1, backend: 2, total: 0.5, queued: 0.25), Session(2, client: 1, backend: 1, total: 1),
        ];
        var recorded = (await RunAsync(log, new ReplayOptions { Schedulers = [Sim.Scheduler("rr")] })).Of(Replayer.Recorded).Runs[0];

        Assert.Equal((4, 4, 0, 2), (recorded.Requests, recorded.Completed, recorded.Errors, recorded.Retries));
        Assert.Equal(3.5e6, recorded.Latency.Sum);
        Assert.Equal(0.25e6, recorded.Waiting.Sum);
        Assert.Equal([("10.0.0.1:80", 3L), ("10.0.0.2:80", 1)], recorded.Backends.Select(static b => (b.Name, b.Requests)));
        Assert.Equal(2, recorded.Shares.MaxQueue);
        Assert.Equal(new StickinessResult(2, 0), recorded.Stickiness);
        Assert.Equal(0.75 / 0.5, recorded.Shares.MaxOverMean, 9);
    }

    [Fact]
    public async Task Another_scheduler_would_have_spread_what_one_backend_had()
    {
        // Everything went to one of three.
        var log = Enumerable.Range(0, 300).Select(static i => Session(i * 0.01, client: i % 50, backend: i % 50 == 0 ? 2 + (i / 50 % 2) : 1, total: 0.2)).ToList();
        var result = await RunAsync(log, new ReplayOptions { Schedulers = [Sim.Scheduler("rr"), Sim.Scheduler("lc"), Sim.Scheduler("sh")] });

        Assert.Equal(["recorded", "rr", "lc", "sh"], result.Schedulers.Select(static s => s.Scheduler));
        Assert.All(result.Schedulers, static s =>
        {
            Assert.Equal(LabMode.Replayed, s.Mode);
            Assert.Equal((300, 300), (s.Runs[0].Requests, s.Runs[0].Completed));

            // Sessions take as long as they took.
            Assert.InRange(s.Runs[0].Latency.Mean, 199_999, 200_001);
        });
        Assert.True(result.Of("recorded").Runs[0].Shares.MaxOverMean > 2.8);
        Assert.InRange(result.Of("rr").Runs[0].Shares.MaxOverMean, 0.999, 1.001);
        Assert.True(result.Of("lc").Runs[0].Shares.MaxQueue < result.Of("recorded").Runs[0].Shares.MaxQueue);
        var sticky = result.Of("sh").Runs[0].Stickiness!;
        Assert.Equal((250, 250), (sticky.Returns, sticky.Kept));
    }

    [Fact]
    public async Task With_a_number_of_workers_sessions_wait_for_each_other()
    {
        var log = Enumerable.Range(0, 100).Select(static i => Session(i * 0.01, client: i, backend: 1 + (i % 2), total: 0.03)).ToList();
        var free = await RunAsync(log, new ReplayOptions { Schedulers = [Sim.Scheduler("rr")] });
        var bounded = await RunAsync(log, new ReplayOptions { Schedulers = [Sim.Scheduler("rr")], Workers = 1 });

        Assert.Equal(0, free.Of("rr").Runs[0].Waiting.Max);
        Assert.True(bounded.Of("rr").Runs[0].Waiting.Max > 300_000);
        Assert.Equal(0, free.Scenario.OfferedLoad);
        Assert.InRange(bounded.Scenario.OfferedLoad, 1.4, 1.6);
    }

    [Fact]
    public async Task Manifests_say_who_serves_with_which_weight_and_affinity()
    {
        var log = Enumerable.Range(0, 400).Select(static i => Session(i * 0.01, client: i % 40, backend: 1 + (i % 2), total: 0.1)).ToList();
        var spec = new ServiceSpec
        {
            Key = new ServiceKey("a", "b", "c"),
            Backends = [Backend(1, 3), Backend(3, 1)],
            Affinity = new AffinitySpec(),
        };
        var plan = Plan(log, new ReplayOptions { Schedulers = [Sim.Scheduler("wrr")], Spec = spec });
        var run = (await Replayer.RunAsync(plan, Sim.Quick, cancellationToken: TestContext.Current.CancellationToken)).Of("wrr").Runs[0];

        Assert.Equal([("10.0.0.1:80", 300L), ("10.0.0.3:80", 100), ("10.0.0.2:80", 0)], run.Backends.Select(static b => (b.Name, b.Requests)));
        Assert.Equal(run.Stickiness!.Returns, run.Stickiness.Kept);
        Assert.Contains(plan.Notes, static n => n.StartsWith("1 of the backends have no weight or are in the log alone", StringComparison.Ordinal));
    }

    [Fact]
    public void What_nobody_served_is_left_out_and_said()
    {
        List<LoggedSession> log =
        [
            Session(0, 1, 1, 1), Session(1, 1, 1, 1) with { Weight = 9 }, Session(2, 1, 1, 1) with { Connect = null }, Session(3, 1, 1, 1) with { Backend = null },
        ];
        var plan = Plan(log, new ReplayOptions());

        Assert.Equal(2, plan.Sessions.Count);
        Assert.Contains(plan.Notes, static n => n.StartsWith("2 of 4 sessions are left out: no backend served them", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, static n => n.Contains("so there were 5 times as many at a time", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, static n => n.StartsWith("Each session takes as long as it took", StringComparison.Ordinal));
    }

    [Fact]
    public void One_service_is_replayed_at_a_time()
    {
        List<LoggedSession> log = [Session(0, 1, 1, 1), Session(1, 1, 1, 1), Session(2, 1, 1, 1) with { Service = "x.y:53-udp" }];

        Assert.Equal("log: has several services, of which --service names one: a/b:c (2), x/y:53/udp (1)", Problem(log, new ReplayOptions()));
        Assert.Equal("log: has no session of a/b:d; it has a/b:c (2), x/y:53/udp (1)", Problem(log, new ReplayOptions { Service = "a/b:d" }));
        Assert.Equal("log: of x/y:53/udp there is one session that a backend served: nothing to replay", Problem(log, new ReplayOptions { Service = "x/y:53/udp" }));
        Assert.Equal(2, Plan(log, new ReplayOptions { Service = "a/b:c" }).Sessions.Count);
    }

    [Theory]
    [InlineData("web", "default.web:53-udp")]
    [InlineData("web:53/udp", "default.web:53-udp")]
    [InlineData("default/web", "default.web:53-udp")]
    [InlineData("default.web:53-udp", "default.web:53-udp")]
    [InlineData("shop/web:http", "shop.web:http")]
    [InlineData("shop/web:https", "shop.web:https")]
    [InlineData("http-in", "http-in")]
    [InlineData("we", null, "log: has no session of default/we; it has default/web:53/udp (1), shop/web:http (1), shop/web:https (1), http-in (1)")]
    [InlineData("web:http", null, "log: has no session of default/web:http; it has default/web:53/udp (1), shop/web:http (1), shop/web:https (1), http-in (1)")]
    [InlineData("shop/web", null, "log: has several ports of shop/web, of which --service names one: shop/web:http (1), shop/web:https (1)")]
    public void A_service_is_named_as_in_other_commands(string wanted, string? service, string? problem = null)
    {
        string[] services = ["default.web:53-udp", "shop.web:http", "shop.web:https", "http-in"];
        Assert.Equal((service, problem), ReplayPlan.Choose("log", [.. services.Select(static s => Session(0, 1, 1, 1) with { Service = s })], wanted));
    }

    [Theory]
    [InlineData("default/web:http", "default/web:http")]
    [InlineData("default/web:53/udp", "default/web:53/udp")]
    [InlineData("default/web:8-bit", "default/web:8-bit")]
    [InlineData("http-in", "http-in")]
    [InlineData("www.example.com", "www.example.com")]
    public void A_service_is_shown_as_the_access_log_has_it(string logged, string shown) =>
        Assert.Equal(shown, ServiceName.Shown(ServiceName.Plain(logged)));

    [Fact]
    public void What_people_read_has_the_slash_and_what_becomes_a_file_has_none()
    {
        var scenario = Plan([Session(0, 1, 1, 1), Session(1, 1, 1, 1)], new ReplayOptions()).Scenario;

        Assert.Equal("replay-a.b-c", scenario.Name);
        Assert.EndsWith(" 2 sessions of a/b:c in log.", scenario.Description);
        Assert.Contains("\nservice: a/b:c\n", scenario.Source);
    }

    [Fact]
    public void A_trace_is_in_the_order_of_beginnings_and_knows_clients_by_address()
    {
        // A log is in the order of ends.
        var plan = Plan([Session(2, 7, 1, 0.1), Session(0, 7, 1, 3), Session(1, 8, 1, 2.5)], new ReplayOptions());
        var trace = ((ReplayedArrivals)plan.Scenario.Arrivals).Trace;

        Assert.Equal([(0, 0, 3), (1, 1, 2.5), (2, 0, 0.1)], Enumerable.Range(0, 3).Select(i => (trace.TimeOf(i), trace.ClientOf(i), trace.WorkOf(i))));
        Assert.Equal((2, "192.0.2.8:1001"), (trace.Clients, trace.AddressOf(1).ToString()));
    }

    private static LoggedSession Session(double at, int client, int backend, double total, double queued = 0, int attempts = 1) => new(
        s_start + (long)(at * TimeSpan.TicksPerSecond), AddressKey.From(IPAddress.Parse($"192.0.2.{client}"), 1000 + (int)at), "a.b:c",
        AddressKey.From(IPAddress.Parse($"10.0.0.{backend}"), 80), queued, queued + 0.001, total, attempts, 1, IsUdp: false);

    private static BackendSpec Backend(int number, int weight) => new() { Address = new(IPAddress.Parse($"10.0.0.{number}"), 80), Weight = weight };

    private static ReplayPlan Plan(IReadOnlyList<LoggedSession> log, ReplayOptions options)
    {
        var (plan, problem) = ReplayPlan.Make("log", log, options);
        Assert.Null(problem);
        return plan!;
    }

    private static string? Problem(IReadOnlyList<LoggedSession> log, ReplayOptions options) => ReplayPlan.Make("log", log, options).Problem;

    private static Task<LabResult> RunAsync(IReadOnlyList<LoggedSession> log, ReplayOptions options) =>
        Replayer.RunAsync(Plan(log, options), Sim.Quick, cancellationToken: TestContext.Current.CancellationToken);
}
