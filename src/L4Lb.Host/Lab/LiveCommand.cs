using L4Lb.Host.Cli;
using L4Lb.Lab.Live;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;

namespace L4Lb.Host.Lab;

/// <summary><c>l4lb lab live</c>: a scenario on sockets of this machine.</summary>
internal static class LiveCommand
{
    /// <summary>Runs it, and returns the exit code.</summary>
    public static Task<int> RunAsync(LiveSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        var (read, code) = ScenarioFiles.Read(settings.Scenario, context.Error);
        if (read is null)
        {
            return Task.FromResult(code);
        }

        var scenario = settings.Changes.Of(read);
        var file = $"{OutputName.Of(scenario.Name)}.live";
        var output = new LabOutput(scenario.Name, settings.Output ?? file + ResultFile.Extension, settings.Report ?? $"{file}.html", settings.Opens);
        if (!output.MayWrite(context))
        {
            return Task.FromResult(ExitCode.CannotStart);
        }

        var problem = settings.Changes.HasRate && read.OfferedRate == 0
            ? "--load and --rate do not go with users who wait for their answer: their number is the load"
            : LivePlan.Of(scenario, settings.Options).Problem;
        if (problem is not null)
        {
            context.Error.WriteLine($"l4lb: {scenario.Name}: {problem}");
            return Task.FromResult(ExitCode.Failed);
        }

        return LabRun.UntilStoppedAsync(stopping => RunAsync(scenario, output, settings, context, stopping), cancellationToken);
    }

    private static async Task<int> RunAsync(
        Scenario scenario, LabOutput output, LiveSettings settings, CommandContext context, CancellationToken stopping)
    {
        var runs = scenario.Seeds.Count * (settings.Options.Target is null ? scenario.Schedulers.Count : 1);
        LabResult result;
        try
        {
            result = await SimulationProgress.ShowAsync(
                context, $"{scenario.Name} live", progress => LiveRunner.RunAsync(scenario, settings.Options, progress, stopping));
        }
        catch (IOException e)
        {
            context.Error.WriteLine($"l4lb: {scenario.Name}: {e.Message}");
            return ExitCode.CannotStart;
        }

        if (settings.Simulates)
        {
            runs += scenario.Seeds.Count * scenario.Schedulers.Count;
            var options = new SimulationOptions(Environment.ProcessorCount, settings.Options.Command, Product.Version)
            {
                Time = context.Time,
            };
            var simulated = await SimulationProgress.ShowAsync(
                context, $"{scenario.Name} simulated", progress => Simulator.RunAsync(scenario, options, progress, stopping));
            result = result with
            {
                Made = result.Made with { WallSeconds = result.Made.WallSeconds + simulated.Made.WallSeconds },
                Schedulers = [.. result.Schedulers, .. simulated.Schedulers],
            };
        }

        return output.Write(result, runs, context);
    }
}
