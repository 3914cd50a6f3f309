using L4Lb.Lab.Results;
using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Replay;

/// <summary>Replays what a log has under other schedulers, in virtual time.</summary>
public static class Replayer
{
    /// <summary>What the log itself has is called so among the schedulers.</summary>
    public const string Recorded = "recorded";

    /// <summary>
    /// Runs every scheduler under every seed; what was recorded comes first. When <paramref name="cancellationToken"/> ends it early,
    /// what is finished is in the result, and the rest is not.
    /// </summary>
    /// <param name="plan">What to replay.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told how far it is, a few times a second; null for nobody.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<LabResult> RunAsync(
        ReplayPlan plan, SimulationOptions options, IProgress<LabProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var simulated = await Simulator.RunAsync(plan.Scenario, options, progress, cancellationToken);
        var isBounded = plan.Scenario.Backends.Any(static g => g.Workers < int.MaxValue);
        return simulated with
        {
            Scenario = simulated.Scenario with { OfferedLoad = isBounded ? simulated.Scenario.OfferedLoad : 0 },
            Schedulers =
            [
                new SchedulerResult(Recorded, LabMode.Replayed, [Rename(Recording.Measure(plan), isBounded)]),
                .. simulated.Schedulers.Select(s => s with
                {
                    Mode = LabMode.Replayed,
                    Runs = [.. s.Runs.Select(r => Rename(r, isBounded))],
                }),
            ],
            Notes = plan.Notes,
        };
    }

    /// <summary>Each backend is a group of its own, whose name is its address; without a number of workers none is busy or idle.</summary>
    private static RunResult Rename(RunResult run, bool isBounded) => run with
    {
        Backends =
        [
            .. run.Backends.Select(b => b with
            {
                Name = b.Name[..b.Name.LastIndexOf('-')],
                Utilization = isBounded ? Math.Min(b.Utilization, 1) : 0,
            }),
        ],
    };
}
