using L4Lb.Lab.Results;

namespace L4Lb.Lab.Tests.Simulation;

/// <summary>Faults do what they say. Work always takes 10 ms here, so whatever else is seen is their doing.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task SlowTakesSoManyTimesAsLongAndThenNoLonger()
    {
        var run = await RunAsync("{kind: slow, at: 10s, for: 10s, factor: 5}");

        Assert.All(Within(run, 0, 9), static i => Assert.InRange(i.P99Micros, 9_900, 10_100));
        Assert.All(Within(run, 10.5, 19), static i => Assert.InRange(i.P50Micros, 49_500, 50_500));
        Assert.All(Within(run, 20.5, 30), static i => Assert.InRange(i.P99Micros, 9_900, 10_100));
        Assert.Equal(0, run.Errors);
    }

    [Fact]
    public async Task WhatIsBegunGoesOnSlower()
    {
        // Two seconds of work, of which one second is done when everything takes three times as long from then on.
        var run = await RunAsync("{kind: slow, at: 10s, factor: 3}", work: "2s", rate: 10, arrivals: "even");

        // Began between 9 s and 9.4 s: at 10 s as much is left of the two seconds, and takes three times as long.
        var begun = Assert.Single(Within(run, 8.9, 9.6));
        Assert.InRange(begun.P50Micros, 4.3e6, 4.5e6);
        Assert.InRange(begun.P99Micros, 4.7e6, 4.9e6);
    }

    [Fact]
    public async Task ACrashBreaksOffWhatIsOpenAndTheRestGoesElsewhere()
    {
        var run = await RunAsync("{kind: crash, at: 10s, for: 10s, count: 1}", rate: 1000);

        // About a quarter of ten requests were open at it; nobody else notices, since another backend is tried.
        Assert.InRange(run.Errors, 1, 10);
        Assert.InRange(run.Retries, 5, 1000);
        Assert.InRange(run.Backends[0].Share, 0.14, 0.22);
        Assert.Equal(run.Requests, run.Completed + run.Errors);
    }

    [Fact]
    public async Task AMachineThatIsGoneCostsTheTimeoutOfAConnect()
    {
        var run = await RunAsync(
            "{kind: crash, at: 10s, for: 10s, count: 1, way: hangs}", annotations: "{l4lb.io/outlier-detection: none, l4lb.io/connect-timeout: 300ms}");

        // One in four waits 300 ms for nobody and 10 ms for the next.
        Assert.All(Within(run, 10.5, 19), static i => Assert.InRange(i.P99Micros, 308_000, 312_000));
        Assert.All(Within(run, 0, 9), static i => Assert.InRange(i.P99Micros, 9_900, 10_100));
    }

    [Fact]
    public async Task APauseHoldsUpWhatIsThere()
    {
        var run = await RunAsync("{kind: pause, at: 0s, every: 1s, length: 200ms}");

        Assert.InRange(run.Latency.Max, 190_000, 210_100);
        Assert.InRange(run.Latency.Quantile(0.5), 9_900, 10_100);

        // A fifth of the time nothing happens, and who comes then waits half of it on average.
        Assert.InRange(run.Latency.Mean, 10_000 + (0.2 * 100_000 * 0.85), 10_000 + (0.2 * 100_000 * 1.3));
        Assert.Equal(0, run.Errors);
    }

    [Fact]
    public async Task ARollingUpdateTakesOneAfterTheOther()
    {
        var run = await RunAsync("{kind: rolling-update, at: 5s, down: 2s, pause: 1s}", schedulers: "[maglev]", clients: "{count: 1000}");

        Assert.Equal(3, run.Intervals.Min(static i => i.Eligible));
        Assert.All(Within(run, 0, 4), static i => Assert.Equal(4, i.Eligible));
        Assert.All(Within(run, 18, 30), static i => Assert.Equal(4, i.Eligible));
        Assert.Equal(0, run.Errors);
        Assert.Equal(
            ["web-0 left", "web-0 joined", "web-1 left", "web-1 joined", "web-2 left", "web-2 joined", "web-3 left", "web-3 joined"],
            run.Changes.Select(static change => change.What));
        Assert.Equal([5, 7, 8, 10], run.Changes.Take(4).Select(static change => change.AtSeconds));
    }

    [Fact]
    public async Task BackendsAreAddedAndRemoved()
    {
        var run = await RunAsync("{kind: add, at: 10s, count: 2}", "{kind: remove, at: 20s, first: 0, count: 3, every: 1s}");

        Assert.All(Within(run, 0, 9), static i => Assert.Equal(4, i.Eligible));
        Assert.All(Within(run, 10.5, 19), static i => Assert.Equal(6, i.Eligible));
        Assert.All(Within(run, 23, 30), static i => Assert.Equal(3, i.Eligible));
        Assert.Equal(["web-0", "web-1", "web-2", "web-3", "web-4", "web-5"], run.Backends.Select(static b => b.Name));
        Assert.Equal(0, run.Errors);
    }

    [Fact]
    public async Task WhoWaitsTooLongGivesUp()
    {
        var run = await RunAsync("{kind: slow, at: 10s, for: 10s, count: 1, factor: 100}", patience: "500ms");

        Assert.InRange(run.Errors, run.Requests / 13.5, run.Requests / 10.5);
        Assert.InRange(run.Latency.Max, 9_900, 500_000);
    }

    private static IEnumerable<IntervalResult> Within(RunResult run, double from, double to) =>
        run.Intervals.Where(i => i.StartSeconds >= from && i.StartSeconds + 0.5 <= to + 1e-6);

    private static Task<RunResult> RunAsync(
        string fault, string? second = null, string work = "10ms", int rate = 200, string arrivals = "poisson", string annotations = "{}",
        string schedulers = "[rr]", string clients = "{count: 100000}", string patience = "60s") => Sim.RunOneAsync(Sim.Read($$"""
            apiVersion: l4lb.io/v1alpha1
            kind: Scenario
            metadata: {name: fault}
            spec:
              duration: 30s
              seeds: 1
              schedulers: {{schedulers}}
              backends:
              - {name: web, count: 4, workers: 1000, work: {{work}}}
              arrivals: {kind: {{arrivals}}, rate: {{rate}}}
              clients: {{clients}}
              patience: {{patience}}
              faults:
              - {{fault}}
              {{(second is null ? "" : "- " + second)}}
              service:
                annotations: {{annotations}}
            """));
}
