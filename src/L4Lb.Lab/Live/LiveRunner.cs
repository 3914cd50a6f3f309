using L4Lb.Engine.Desired;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Live;

/// <summary>
/// Runs scenarios on sockets of this machine: clients and backends of the lab, and between them our balancer, or the one at
/// <see cref="LiveOptions.Target"/>. One run after the other, since two would take each other's cores.
/// </summary>
public static class LiveRunner
{
    /// <summary>
    /// Runs every scheduler under every seed. When <paramref name="cancellationToken"/> ends it early, what is finished is in the
    /// result, and the rest is not.
    /// </summary>
    /// <param name="scenario">What to run, for which <see cref="LivePlan.Of"/> has no problem.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told how far it is, a few times a second; null for nobody.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">A socket could not be opened that everything needs.</exception>
    public static async Task<LabResult> RunAsync(
        Scenario scenario, LiveOptions options, IProgress<LabProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var plan = LivePlan.Of(scenario, options);
        if (plan.Problem is { } problem)
        {
            throw new IOException(problem);
        }

        var (startedUtc, startedAt) = (options.Time.GetUtcNow().UtcDateTime, options.Time.GetTimestamp());
        var clients = new ClientPopulation(scenario.Clients, scenario.Trace);
        var (schedulers, seeds) = (LivePlan.SchedulersOf(scenario, options), scenario.Seeds);
        var (runs, errors) = (schedulers.Select(static _ => new List<RunResult>()).ToList(), new LiveErrors());
        var tally = new Tally(schedulers.Count * seeds.Count, options.Time, progress);

        // Seed by seed, so that whoever ends it early has all schedulers under some seeds rather than some under all.
        for (var i = 0; i < schedulers.Count * seeds.Count && !cancellationToken.IsCancellationRequested; i++)
        {
            var (number, scheduler) = (i, i % schedulers.Count);
            var run = await RunOneAsync(
                scenario, schedulers[scheduler], seeds[i / schedulers.Count], options, clients, errors,
                part =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    tally.Note(number, part, 0);
                });
            if (run is not null)
            {
                runs[scheduler].Add(run);
                tally.Note(number, 1, 0);
            }
        }

        tally.Report(isLast: true);
        var seconds = options.Time.GetElapsedTime(startedAt).TotalSeconds;
        return new LabResult(
            new Provenance(options.Version, options.Command, startedUtc, seconds, Environment.ProcessorCount, Events: 0),
            new ScenarioSummary(
                scenario.Name, scenario.Description, scenario.Source, scenario.BackendCount, scenario.OfferedRate,
                scenario.OfferedRate / scenario.Capacity, scenario.MeasuredSeconds),
            [.. schedulers.Index().Select(s => new SchedulerResult(s.Item.Text, LabMode.Live, runs[s.Index]))])
        {
            Notes = [.. errors.Notes(), .. plan.Warnings],
        };
    }

    private static async Task<RunResult?> RunOneAsync(
        Scenario scenario, ComparedScheduler scheduler, ulong seed, LiveOptions options, ClientPopulation clients, LiveErrors errors,
        Action<double> look)
    {
        using var world = new LiveWorld(scenario, options, seed, clients, errors);
        if (options.Target is { } target)
        {
            return await OnThread(() => world.Run(new OtherMiddle(AddressKey.From(target)), look));
        }

        await using var middle = await OwnMiddle.StartAsync(scenario, scheduler, options, world.Present);
        var run = await OnThread(() => world.Run(middle, look));
        return run is null ? null : middle.Complete(run, world.Addresses);
    }

    /// <summary>Runs on a thread of its own, which nobody else's work holds up; null when it was cancelled.</summary>
    private static Task<RunResult?> OnThread(Func<RunResult> run)
    {
        var done = new TaskCompletionSource<RunResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(run());
            }
            catch (OperationCanceledException)
            {
                done.SetResult(null);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            Name = "l4lb-lab",
            IsBackground = true,
            Priority = ThreadPriority.AboveNormal,
        };
        thread.UnsafeStart();
        return done.Task;
    }
}
