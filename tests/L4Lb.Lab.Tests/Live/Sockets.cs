using L4Lb.Lab.Live;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Tests.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Live;

/// <summary>Live runs have the machine to themselves: they measure time, and count descriptors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LiveCollection
{
    public const string Name = "live";
}

/// <summary>Makes scenarios for sockets, and runs them.</summary>
internal static class Sockets
{
    /// <summary>Backends with two workers each and exponential work of 20 ms, at a load of 0.6; without retries.</summary>
    internal static Scenario Small(int backends, double seconds, params string[] schedulers) => new()
    {
        Name = "live",
        Schedulers = [.. schedulers.Select(Sim.Scheduler)],
        Backends = [new BackendGroup("web", backends, new ExponentialTime(0.02)) { Workers = 2 }],
        Arrivals = new PoissonArrivals { Load = 0.6 },
        Duration = TimeSpan.FromSeconds(seconds),
        WarmUp = TimeSpan.FromSeconds(0.5),
        AnswerBytes = 1000,
        Service = new ServiceRules { Timeouts = new Engine.Desired.TimeoutSpec { ConnectAttempts = 1 } },
        Seeds = [1],
    };

    internal static Task<LabResult> RunAsync(Scenario scenario, LiveOptions? options = null) =>
        LiveRunner.RunAsync(scenario, options ?? new LiveOptions(), cancellationToken: TestContext.Current.CancellationToken);

    internal static async Task<RunResult> RunOneAsync(Scenario scenario, LiveOptions? options = null) =>
        (await RunAsync(scenario, options)).Schedulers.Single().Runs.Single();
}
