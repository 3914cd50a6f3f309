using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.Host.Cli;
using L4Lb.Host.Running;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Host.Check;

/// <summary><c>l4lb check</c>: everything that <c>run</c> would say of the files, without running.</summary>
internal static class CheckCommand
{
    /// <summary>Checks and returns the exit code.</summary>
    public static Task<int> RunAsync(CheckSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Run(ManifestStateSource.Create(settings.Manifests, settings.Standalone), context.Out));

    /// <summary>Prints every finding about what <paramref name="source"/> has: they are the answer, so to the output.</summary>
    internal static int Run(IDesiredStateSource source, TextWriter output)
    {
        var loaded = source.Load();
        foreach (var diagnostic in loaded.Diagnostics)
        {
            output.WriteLine(diagnostic);
        }

        if (loaded.Desired is not { } desired)
        {
            return ExitCode.Failed;
        }

        // What the engine would refuse in turn; the planner has no file and line to this.
        var errors = DesiredStateValidator.Validate(desired, SchedulerCatalog.Validate);
        foreach (var error in errors)
        {
            output.WriteLine(error);
        }

        return errors.Count == 0 && loaded.Diagnostics.All(d => d.Severity != Severity.Error) ? ExitCode.Done : ExitCode.Failed;
    }
}
