using L4Lb.Engine.Scheduling;
using L4Lb.K8s.Annotations;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Simulation;

/// <summary>Makes scenarios and runs them.</summary>
internal static class Sim
{
    /// <summary>Seconds of one request in scenarios that only compare times with it.</summary>
    internal const double Unit = 0.1;

    internal static readonly SimulationOptions Quick = new(Parallelism: 2) { MeasuresPicks = false };

    /// <summary>Equal backends with one worker each and exponential work of <see cref="Unit"/>, under Poisson arrivals.</summary>
    internal static Scenario Queues(int backends, double load, double seconds, double warmUp, int seeds, params string[] schedulers) => new()
    {
        Name = "test",
        Schedulers = [.. schedulers.Select(Scheduler)],
        Backends = [new BackendGroup("web", backends, new ExponentialTime(Unit))],
        Arrivals = new PoissonArrivals { Load = load },
        Duration = TimeSpan.FromSeconds(seconds),
        WarmUp = TimeSpan.FromSeconds(warmUp),
        Seeds = [.. Enumerable.Range(1, seeds).Select(static seed => (ulong)seed)],
    };

    internal static ComparedScheduler Scheduler(string text)
    {
        Assert.Null(SchedulerText.Parse(text, out var spec));
        Assert.Null(SchedulerCatalog.Validate(spec));
        return new ComparedScheduler(text, spec);
    }

    internal static Task<LabResult> RunAsync(Scenario scenario) =>
        Simulator.RunAsync(scenario, Quick, cancellationToken: TestContext.Current.CancellationToken);

    internal static async Task<RunResult> RunOneAsync(Scenario scenario) => (await RunAsync(scenario)).Schedulers.Single().Runs.Single();

    /// <summary>The scenario in <paramref name="text"/>, which has no errors.</summary>
    internal static Scenario Read(string text, IArrivalLogs? logs = null)
    {
        var reading = ScenarioReader.Read("test.yaml", text, logs);
        Assert.Empty(reading.Diagnostics);
        return reading.Scenario!;
    }

    internal static SchedulerResult Of(this LabResult result, string scheduler) => result.Schedulers.Single(s => s.Scheduler == scheduler);

    /// <summary>Mean latency over all runs, in units of work.</summary>
    internal static double MeanResponse(this SchedulerResult result) =>
        result.Runs.Sum(static run => run.Latency.Sum) / result.Runs.Sum(static run => run.Latency.Count) / (Unit * 1e6);
}
