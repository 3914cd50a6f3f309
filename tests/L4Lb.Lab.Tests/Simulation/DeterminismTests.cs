using System.Text.Json;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Simulation;

public sealed class DeterminismTests
{
    private const string Busy = """
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata: {name: busy}
        spec:
          duration: 4s
          seeds: 2
          schedulers: [rr, random, p2c, lc, wlc, ewma, least-time, maglev, chbl, lblc, hrw, swrr, twos]
          backends:
          - {name: web, count: 12, workers: 2, queue: 50, work: {distribution: lognormal, mean: 8ms}, connect: {distribution: exponential, mean: 300us}}
          - {name: big, count: 3, weight: 3, workers: 6, work: {distribution: pareto, mean: 8ms, shape: 1.8, max: 1s}}
          arrivals: {kind: bursts, load: 0.7, peak: 2}
          clients: {count: 5000, zipf: 1.1, nat: {groups: 4, part: 0.2}}
          balancers: {count: 3}
          patience: 800ms
          faults:
          - {kind: slow, group: web, at: 500ms, for: 1s, count: 2, factor: 5}
          - {kind: flap, group: web, at: 1s, first: 3, count: 2, every: 700ms, down: 200ms, way: hangs}
          - {kind: rolling-update, group: big, at: 1s, down: 300ms}
          - {kind: pause, group: web, at: 0s, every: 1s, length: 60ms, random: true}
          - {kind: add, group: web, at: 2s, count: 3, every: 100ms}
          service:
            sessionAffinity: ClientIP
            annotations: {l4lb.io/health-check: "tcp,interval=200ms,timeout=100ms", l4lb.io/slow-start: 1s}
        """;

    [Fact]
    public async Task TheSameSeedGivesTheSameResultHoweverManyRunsThereAreAtATime()
    {
        var scenario = Sim.Read(Busy);
        var one = await Run(scenario, 1);

        Assert.Equal(one, await Run(scenario, 1));
        Assert.Equal(one, await Run(scenario, 4));
    }

    [Fact]
    public async Task AnotherSeedGivesAnother()
    {
        var scenario = Sim.Read(Busy) with { Schedulers = [Sim.Scheduler("p2c")] };
        var result = await Sim.RunAsync(scenario);

        Assert.NotEqual(result.Schedulers[0].Runs[0].Latency.Sum, result.Schedulers[0].Runs[1].Latency.Sum);
    }

    [Fact]
    public async Task EverySchedulerMeetsTheSameRequests()
    {
        // With one worker each and no queue anywhere, latency is work: the same sum whoever chooses.
        var scenario = Sim.Queues(500, 0.01, 20, 1, 1, "random", "rr", "p2c", "lc") with
        {
            Backends = [new BackendGroup("web", 500, new ExponentialTime(0.05)) { Workers = 1000 }],
            Arrivals = new PoissonArrivals { Rate = 1000 },
        };
        var result = await Sim.RunAsync(scenario);

        Assert.Single(result.Schedulers.Select(static s => (s.Runs[0].Requests, Math.Round(s.Runs[0].Latency.Sum))).Distinct());
    }

    [Fact]
    public async Task NothingIsLost()
    {
        var result = await Sim.RunAsync(Sim.Read(Busy));

        Assert.All(result.Schedulers.SelectMany(static s => s.Runs), static run =>
        {
            Assert.Equal(run.Requests, run.Completed + run.Errors);
            Assert.Equal(run.Completed, run.Latency.Count);
            Assert.Equal(run.Requests, run.Intervals.Sum(static i => i.Requests));
            Assert.Equal(run.Errors, run.Intervals.Sum(static i => i.Errors));
            Assert.InRange(run.Shares.QueueLengths[0], 1 - 1e-9, 1 + 1e-9);
            Assert.InRange(run.Shares.MeanQueue, run.Shares.QueueLengths.Skip(1).Sum() * 0.999999, run.Shares.QueueLengths.Skip(1).Sum() * 1.000001);
        });
        Assert.Contains(result.Schedulers, static s => s.Runs.Any(static run => run.Retries > 0));
        Assert.Contains(result.Schedulers, static s => s.Runs.Any(static run => run.Errors > 0));
    }

    [Fact]
    public async Task CancellingKeepsWhatIsFinished()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Told(p =>
        {
            if (p.Part > 0.5)
            {
                stop.Cancel();
            }
        });
        var scenario = Sim.Queues(100, 0.8, 200, 1, seeds: 10, "random", "rr");
        var result = await Simulator.RunAsync(scenario, new SimulationOptions(1) { MeasuresPicks = false }, progress, stop.Token);

        Assert.Equal(2, result.Schedulers.Count);
        var runs = result.Schedulers.Sum(static s => s.Runs.Count);
        Assert.InRange(runs, 1, 19);
        Assert.All(result.Schedulers.SelectMany(static s => s.Runs), static run => Assert.Equal(run.Requests, run.Completed + run.Errors));
    }

    private static async Task<string> Run(Scenario scenario, int parallelism)
    {
        var result = await Simulator.RunAsync(
            scenario, new SimulationOptions(parallelism) { MeasuresPicks = false }, cancellationToken: TestContext.Current.CancellationToken);
        return string.Join('\n', result.Schedulers.SelectMany(static s => s.Runs.Select(run => s.Scheduler + Print(run))))
            + $"\n{result.Made.Events}";
    }

    private static string Print(RunResult run) => JsonSerializer.Serialize(run) + string.Join(' ', run.Latency.Buckets) + string.Join(' ', run.Waiting.Buckets);

    private sealed class Told(Action<LabProgress> tell) : IProgress<LabProgress>
    {
        public void Report(LabProgress value) => tell(value);
    }
}
