using L4Lb.Host.Cli;

namespace L4Lb.Host.Lab;

/// <summary>What <c>l4lb lab check</c> was told.</summary>
/// <param name="Files">The files.</param>
internal sealed record CheckScenarioSettings(IReadOnlyList<string> Files);

/// <summary><c>l4lb lab check</c>: everything that is to be said of scenario files.</summary>
internal static class CheckScenarioCommand
{
    /// <summary>Checks all, and returns the exit code.</summary>
    public static Task<int> RunAsync(CheckScenarioSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        var code = ExitCode.Done;
        foreach (var file in settings.Files)
        {
            if (TextFile.Read(file, context.Error) is not { } text)
            {
                code = ExitCode.CannotStart;
                continue;
            }

            var reading = ScenarioFiles.Read(file, text);
            foreach (var diagnostic in reading.Diagnostics)
            {
                context.Out.WriteLine(diagnostic);
            }

            code = Math.Max(code, reading.Scenario is null ? ExitCode.Failed : ExitCode.Done);
        }

        return Task.FromResult(code);
    }
}
