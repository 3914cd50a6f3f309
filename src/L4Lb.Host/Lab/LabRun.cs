using L4Lb.Host.Cli;
using L4Lb.Host.Client.Get;
using L4Lb.Host.Running;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Results;

namespace L4Lb.Host.Lab;

/// <summary>Where what a run of the lab finds goes.</summary>
/// <param name="Name">Of what is run, for messages.</param>
/// <param name="Output">The result's file.</param>
/// <param name="Report">The report's file.</param>
/// <param name="Opens">Whether the report is opened.</param>
internal sealed record LabOutput(string Name, string Output, string Report, bool Opens)
{
    /// <summary>Whether both may be written; what may not is printed.</summary>
    public bool MayWrite(CommandContext context)
    {
        var marks = L4Lb.Lab.Reports.Report.Marks;
        var refusals = new[] { TextFile.Refusal(Output, marks), TextFile.Refusal(Report, marks) }.OfType<string>().ToList();
        refusals.ForEach(r => context.Error.WriteLine($"l4lb: {r}"));
        return refusals.Count == 0;
    }

    /// <summary>Writes result and report, and prints the ranking. Returns the exit code.</summary>
    /// <param name="whole">What was found.</param>
    /// <param name="all">Runs that there would have been.</param>
    /// <param name="context">Where to print.</param>
    public int Write(LabResult whole, int all, CommandContext context)
    {
        var result = whole with { Schedulers = [.. whole.Schedulers.Where(static s => s.Runs.Count > 0)] };
        var done = result.Schedulers.Sum(static s => s.Runs.Count);
        if (done == 0)
        {
            context.Error.WriteLine($"l4lb: {Name}: stopped before a run was finished; nothing is written");
            return ExitCode.Failed;
        }

        if (!TextFile.Write(Output, ResultFile.Write(result), context.Error)
            || !TextFile.Write(Report, L4Lb.Lab.Reports.Report.Write(result, ReportFormat.Html), context.Error))
        {
            return ExitCode.CannotStart;
        }

        context.Out.WriteLine($"{Name}: {L4Lb.Lab.Reports.Report.Headline(result)}");
        context.Out.WriteLine();
        new TableWriter(context.Out, RankingText.Columns).Write(RankingText.Rows(result));
        context.Out.WriteLine();
        if (Ranking.Main(result).Mode == LabMode.Simulated && result.Schedulers.Any(static s => s.Mode == LabMode.Live))
        {
            // The ranking is the simulation's, which chance and other programs disturb least.
            var live = result with { Schedulers = [.. result.Schedulers.Where(static s => s.Mode == LabMode.Live)] };
            context.Out.WriteLine("That is simulated; live it was:");
            context.Out.WriteLine();
            new TableWriter(context.Out, RankingText.Columns).Write(RankingText.Rows(live));
            context.Out.WriteLine();
        }

        foreach (var note in result.Notes)
        {
            context.Out.WriteLine($"Note    {note}");
        }

        context.Out.WriteLine($"Result  {Output}");
        context.Out.WriteLine($"Report  {Report}");
        ReportOpener.Open(Report, Opens, context);
        if (done < all)
        {
            context.Error.WriteLine($"l4lb: stopped: {done} of {all} runs are finished, and in result and report");
            return ExitCode.Failed;
        }

        return ExitCode.Done;
    }
}

/// <summary>Runs that an interrupt ends early, so that what is finished can be kept.</summary>
internal static class LabRun
{
    /// <summary>Runs <paramref name="work"/>, whose token ends with the first SIGINT or SIGTERM.</summary>
    public static async Task<int> UntilStoppedAsync(Func<CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signals = new ProcessSignals(stop.Cancel, static () => { });
        var stopping = StopAsync(signals, stop);
        var code = await work(stop.Token);
        await stop.CancelAsync();
        await stopping;
        return code;
    }

    private static async Task StopAsync(ProcessSignals signals, CancellationTokenSource stop)
    {
        await signals.WaitForStopAsync(stop.Token);
        await stop.CancelAsync();
    }
}
