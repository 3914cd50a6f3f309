using L4Lb.Engine.Desired;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Tests.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Live;

[Collection(LiveCollection.Name)]
public class LiveFaultTests
{
    private const double OneSecond = 1_000_000;

    [Fact]
    public async Task Who_refuses_is_passed_over_by_retries()
    {
        var scenario = Retrying(4) with { Faults = [new CrashFault(0.2, "web", CrashWay.Refuses) { Count = 1, For = 0.6 }] };
        var (live, simulated) = (await Sockets.RunOneAsync(scenario), await Sim.RunOneAsync(scenario));

        Assert.True(simulated.Retries > 3);
        Assert.InRange(live.Retries, 1, simulated.Retries * 3);
        Assert.InRange(live.Errors, 0, 20);
        Assert.True(live.Backends[0].Errors > 0);
        Assert.True(live.Backends[0].Share < 0.22 && live.Backends[1].Share > 0.25);
    }

    [Fact]
    public async Task Who_hangs_costs_a_connect_timeout_each_time()
    {
        var scenario = Retrying(4) with
        {
            Faults = [new CrashFault(0.2, "web", CrashWay.Hangs) { Count = 1, For = 0.6 }],
            Service = new ServiceRules { Health = HealthSpec.None, Timeouts = Timeouts(0.15) },
        };
        var live = await Sockets.RunOneAsync(scenario);

        Assert.InRange(live.Retries, 5, 200);
        Assert.True(live.Latency.Quantile(0.95) > 0.15 * OneSecond);
        Assert.True(live.Backends[0].Requests > 0);
        Assert.InRange(live.Errors, 0, 20);
    }

    [Fact]
    public async Task A_pause_holds_up_everybody_who_comes_meanwhile()
    {
        // Open loop: who comes during the pause counts from when it came, and as many come as if there were none.
        var scenario = Sockets.Small(1, 1.5, "rr") with
        {
            Arrivals = new EvenArrivals { Rate = 40 },
            Faults = [new PauseFault(0.2, "web", 60, 0.8, IsRandom: false)],
            Seeds = [SeedWithPause()],
        };
        var (live, simulated) = (await Sockets.RunOneAsync(scenario), await Sim.RunOneAsync(scenario));

        Assert.Equal(simulated.Requests, live.Requests);
        Assert.InRange(live.Latency.Max / simulated.Latency.Max, 0.9, 1.5);
        Assert.InRange(live.Latency.Mean / simulated.Latency.Mean, 0.9, 1.5);
        ulong SeedWithPause() => Enumerable.Range(1, 10_000).Select(static s => (ulong)s)
            .First(static seed => new Dice(seed, Purpose.Faults).NextUnit() is var at && at * 60 < 0.3);
    }

    [Fact]
    public async Task A_backend_that_is_full_refuses()
    {
        var scenario = Sockets.Small(1, 1, "rr") with
        {
            Backends = [new BackendGroup("web", 1, new DeterministicTime(0.05)) { Queue = 1 }],
            Arrivals = new EvenArrivals { Rate = 60 },
            Service = new ServiceRules { Health = HealthSpec.None, Timeouts = new TimeoutSpec { ConnectAttempts = 1 } },
        };
        var live = await Sockets.RunOneAsync(scenario);

        Assert.Equal(live.Requests, live.Completed + live.Errors);
        Assert.InRange(live.Completed, 12, 25);
        Assert.InRange(live.Shares.MaxQueue, 1, 3);
    }

    [Fact]
    public async Task A_rolling_update_changes_who_is_eligible_and_loses_nobody()
    {
        var scenario = Sockets.Small(3, 1.5, "rr") with { Faults = [new RollingUpdate(0.2, "web", 0.3, 1, 0.05)] };
        var live = await Sockets.RunOneAsync(scenario);

        Assert.Equal((live.Requests, 0), (live.Completed, live.Errors));
        Assert.Contains(live.Intervals, static i => i.Eligible == 2);
        Assert.Equal(3, live.Intervals[^1].Eligible);
    }

    [Fact]
    public async Task Health_checks_find_who_is_slow_to_answer_nothing()
    {
        var scenario = Retrying(3) with
        {
            Duration = TimeSpan.FromSeconds(2),
            Faults = [new CrashFault(0.3, "web", CrashWay.Refuses) { Count = 1, For = 10 }],
            Service = new ServiceRules
            {
                Health = HealthSpec.None with
                {
                    Probe = new ProbeSpec { Kind = ProbeKind.Http, Interval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(2), Fall = 1, Rise = 1 },
                },
            },
        };
        var live = await Sockets.RunOneAsync(scenario);

        Assert.Equal(3, live.Intervals[0].Eligible);
        Assert.Equal(2, live.Intervals[^1].Eligible);
    }

    [Fact]
    public async Task Datagrams_are_lost_where_a_backend_hangs()
    {
        var scenario = Sockets.Small(2, 1, "rr") with
        {
            Faults = [new CrashFault(0.2, "web", CrashWay.Hangs) { Count = 1, For = 0.4 }],
            Patience = TimeSpan.FromSeconds(0.5),
        };
        var live = await Sockets.RunOneAsync(scenario, new() { IsUdp = true });

        Assert.True(live.Errors > 5);
        Assert.Equal(live.Requests, live.Completed + live.Errors);
        Assert.True(live.Latency.Max < OneSecond);
    }

    private static Scenario Retrying(int backends) => Sockets.Small(backends, 1.2, "rr") with
    {
        Service = new ServiceRules { Health = HealthSpec.None, Timeouts = Timeouts(0.25) },
    };

    private static TimeoutSpec Timeouts(double first) =>
        new() { ConnectAttempts = 3, ConnectTimeouts = [TimeSpan.FromSeconds(first)], ConnectBudget = TimeSpan.FromSeconds(3) };
}
