using L4Lb.Engine.Desired;
using L4Lb.Host.Cli;
using L4Lb.Host.Running;
using L4Lb.K8s.Diagnostics;
using L4Lb.Lab.Replay;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;

namespace L4Lb.Host.Lab;

/// <summary><c>l4lb lab replay</c>: what other schedulers would have done with the sessions of an access log.</summary>
internal static class ReplayCommand
{
    /// <summary>Replays, and returns the exit code.</summary>
    public static Task<int> RunAsync(ReplaySettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        var (plan, code) = MakePlan(settings, context);
        if (plan is null)
        {
            return Task.FromResult(code);
        }

        var file = OutputName.Of(plan.Scenario.Name);
        var output = new LabOutput(
            plan.Scenario.Name, settings.Output ?? file + ResultFile.Extension, settings.Report ?? $"{file}.html", settings.Opens);
        return output.MayWrite(context)
            ? LabRun.UntilStoppedAsync(stopping => RunAsync(plan, output, settings, context, stopping), cancellationToken)
            : Task.FromResult(ExitCode.CannotStart);
    }

    private static async Task<int> RunAsync(
        ReplayPlan plan, LabOutput output, ReplaySettings settings, CommandContext context, CancellationToken stopping)
    {
        var options = new SimulationOptions(settings.Parallel ?? Environment.ProcessorCount, settings.Command, Product.Version)
        {
            Time = context.Time,
        };
        var result = await SimulationProgress.ShowAsync(
            context, plan.Scenario.Name, progress => Replayer.RunAsync(plan, options, progress, stopping));

        // What was recorded is there whatever is interrupted.
        return output.Write(result, (plan.Scenario.Schedulers.Count * plan.Scenario.Seeds.Count) + 1, context);
    }

    private static (ReplayPlan? Plan, int Code) MakePlan(ReplaySettings settings, CommandContext context)
    {
        var (sessions, code) = (new List<LoggedSession>(), ExitCode.Done);
        foreach (var log in settings.Logs)
        {
            code = Math.Max(code, Read(log, sessions, context.Error));
        }

        if (code != ExitCode.Done)
        {
            return (null, code);
        }

        var name = settings.Logs is [var only] ? only : $"{settings.Logs[0]} and {settings.Logs.Count - 1} more";
        var (options, problem) = settings.Manifests is null ? (settings.Options, null) : WithSpec(settings, name, sessions, context.Error);
        if (options is not null)
        {
            (var plan, problem) = ReplayPlan.Make(name, sessions, options with { Schedulers = SchedulersOf(settings, options.Spec) });
            if (plan is not null)
            {
                return (plan, ExitCode.Done);
            }
        }

        if (problem is not null)
        {
            context.Error.WriteLine($"l4lb: {problem}");
        }

        return (null, ExitCode.Failed);
    }

    private static int Read(string log, List<LoggedSession> sessions, TextWriter problems)
    {
        try
        {
            using var stream = File.OpenRead(log);
            var reading = AccessLogReader.Read(log, stream);
            foreach (var diagnostic in reading.Diagnostics)
            {
                problems.WriteLine(diagnostic);
            }

            sessions.AddRange(reading.Sessions);
            return reading.IsUsable ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.WriteLine($"l4lb: {log}: {UnreadFile.Why(log, e)}");
            return ExitCode.CannotStart;
        }
    }

    /// <summary>The service as the manifests have it; what is wrong with these is printed.</summary>
    private static (ReplayOptions? Options, string? Problem) WithSpec(
        ReplaySettings settings, string log, List<LoggedSession> sessions, TextWriter problems)
    {
        var (service, problem) = ReplayPlan.Choose(log, sessions, settings.Options.Service);
        if (service is null)
        {
            return (null, problem);
        }

        var loaded = ManifestStateSource.Create(settings.Manifests!, settings.Standalone).Load();
        foreach (var diagnostic in loaded.Diagnostics.Where(d => loaded.Desired is null || d.Severity == Severity.Error))
        {
            problems.WriteLine(diagnostic);
        }

        if (loaded.Desired is not { } desired)
        {
            return (null, null);
        }

        return desired.Services.FirstOrDefault(s => ServiceName.Plain(s.Key.ToString()) == service) is { } spec
            ? (settings.Options with { Service = service, Spec = spec }, null)
            : (null, $"the manifests have no service port {ServiceName.Shown(service)}; they have {string.Join(", ", desired.Services.Select(static s => s.Key.ToString()))}");
    }

    private static IReadOnlyList<ComparedScheduler> SchedulersOf(ReplaySettings settings, ServiceSpec? spec)
    {
        IEnumerable<string> names = settings.Schedulers.Count > 0 ? settings.Schedulers
            : spec is null ? ReplayOptions.UsualSchedulers
            : ReplayOptions.UsualSchedulers.Prepend(TextOf(spec.Scheduler));
        return [.. names.Distinct(StringComparer.Ordinal).Select(static n => new ComparedScheduler(n, Cli.Values.SchedulerText.Read(n)))];
    }

    private static string TextOf(SchedulerSpec scheduler) =>
        string.Join(',', scheduler.Parameters.Select(static p => p.Value.Length == 0 ? p.Name : $"{p.Name}={p.Value}").Prepend(scheduler.Name));
}
