using L4Lb.Host.Cli;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;

namespace L4Lb.Host.Lab;

/// <summary><c>l4lb lab simulate</c>: scenarios in virtual time, a result and a report of each.</summary>
internal static class SimulateCommand
{
    /// <summary>Simulates, and returns the exit code.</summary>
    public static async Task<int> RunAsync(SimulateSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        var (plans, code) = Plan(settings, context);
        if (code != ExitCode.Done)
        {
            return code;
        }

        return await LabRun.UntilStoppedAsync(stopping => RunAllAsync(plans, settings, context, stopping), cancellationToken);
    }

    private static async Task<int> RunAllAsync(
        List<SimulationPlan> plans, SimulateSettings settings, CommandContext context, CancellationToken stopping)
    {
        var code = ExitCode.Done;
        foreach (var plan in plans)
        {
            code = Math.Max(code, await RunAsync(plan, settings, context, stopping));
            if (stopping.IsCancellationRequested)
            {
                break;
            }
        }

        return code;
    }

    /// <summary>Everything that can be wrong before time is spent.</summary>
    private static (List<SimulationPlan> Plans, int Code) Plan(SimulateSettings settings, CommandContext context)
    {
        var (plans, code) = (new List<SimulationPlan>(), ExitCode.Done);
        foreach (var name in settings.Scenarios)
        {
            var (scenario, problem) = ScenarioFiles.Read(name, context.Error);
            code = Math.Max(code, problem);
            if (scenario is null)
            {
                continue;
            }

            var file = OutputName.Of(scenario.Name);
            var output = new LabOutput(
                scenario.Name, settings.Output ?? file + ResultFile.Extension, settings.Report ?? $"{file}.html", settings.Opens);
            var plan = new SimulationPlan(settings.Changes.Of(scenario), output);
            code = output.MayWrite(context) ? code : ExitCode.CannotStart;
            if (settings.Changes.Load is not null && scenario.OfferedRate == 0)
            {
                context.Error.WriteLine($"l4lb: {name}: --load does not go with users who wait for their answer: their number is the load");
                code = Math.Max(code, ExitCode.Failed);
            }

            plans.Add(plan);
        }

        return (plans, code);
    }

    private static async Task<int> RunAsync(SimulationPlan plan, SimulateSettings settings, CommandContext context,
        CancellationToken cancellation)
    {
        var options = new SimulationOptions(settings.Parallel ?? Environment.ProcessorCount, settings.Command,
            Product.Version)
        { Time = context.Time };
        var whole = await SimulationProgress.ShowAsync(
            context, plan.Scenario.Name, progress => Simulator.RunAsync(plan.Scenario, options, progress, cancellation));
        return plan.Output.Write(whole, plan.Scenario.Schedulers.Count * plan.Scenario.Seeds.Count, context);
    }
}

/// <summary>A simulation to come.</summary>
/// <param name="Scenario">What is simulated.</param>
/// <param name="Output">Where what it finds goes.</param>
internal sealed record SimulationPlan(Scenario Scenario, LabOutput Output);
