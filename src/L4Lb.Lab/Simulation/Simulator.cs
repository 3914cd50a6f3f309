using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Simulation;

/// <summary>
/// Simulates scenarios in virtual time, event by event, on the engine's own schedulers, affinity, reservation and health.
/// What comes out is determined by the scenario and its seeds: neither the machine nor the number of runs at a time matters.
/// </summary>
public static class Simulator
{
    /// <summary>
    /// Runs every scheduler under every seed. When <paramref name="cancellationToken"/> ends it early, what is finished is in
    /// the result, and the rest is not.
    /// </summary>
    /// <param name="scenario">What to simulate.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told how far it is, a few times a second; null for nobody.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<LabResult> RunAsync(
        Scenario scenario, SimulationOptions options, IProgress<LabProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var (startedUtc, startedAt) = (options.Time.GetUtcNow().UtcDateTime, options.Time.GetTimestamp());
        var clients = new ClientPopulation(scenario.Clients, scenario.Trace);
        var (schedulers, seeds) = (scenario.Schedulers, scenario.Seeds);
        var results = new RunResult?[schedulers.Count * seeds.Count];
        var tally = new Tally(results.Length, options.Time, progress);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Parallelism) };

        // Seed by seed, so that whoever ends it early has all schedulers under some seeds rather than some under all.
        await Parallel.ForAsync(0, results.Length, parallel, (i, _) =>
        {
            var (scheduler, seed) = (i % schedulers.Count, i / schedulers.Count);
            results[(scheduler * seeds.Count) + seed] = RunOne(schedulers[scheduler], seeds[seed], i);
            return ValueTask.CompletedTask;
        });
        tally.Report(isLast: true);
        var seconds = options.Time.GetElapsedTime(startedAt).TotalSeconds;
        return new LabResult(
            new Provenance(options.Version, options.Command, startedUtc, seconds, Environment.ProcessorCount, tally.Events),
            new ScenarioSummary(
                scenario.Name, scenario.Description, scenario.Source, scenario.BackendCount, scenario.OfferedRate,
                scenario.OfferedRate / scenario.Capacity, scenario.MeasuredSeconds),
            [
                .. schedulers.Index().Select(s => new SchedulerResult(
                    s.Item.Text, LabMode.Simulated, [.. results.Skip(s.Index * seeds.Count).Take(seeds.Count).OfType<RunResult>()])),
            ])
        {
            Notes = [.. LateFaults.Of(scenario).Select(static late => late.Note)],
        };

        RunResult? RunOne(ComparedScheduler scheduler, ulong seed, int run)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            var world = new World(scenario, scheduler, seed, clients);
            try
            {
                var result = world.Run(options.MeasuresPicks, () =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    tally.Note(run, world.Part, world.Events);
                });
                tally.Note(run, 1, world.Events);
                return result;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }
}
