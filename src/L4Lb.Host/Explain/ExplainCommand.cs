using L4Lb.Host.Cli;
using L4Lb.Host.Running;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Host.Explain;

/// <summary><c>l4lb explain</c>: what would become of a connection, out of the files alone.</summary>
internal static class ExplainCommand
{
    /// <summary>Explains and returns the exit code: 0 whatever the answer is, 1 when the files are invalid.</summary>
    public static Task<int> RunAsync(ExplainSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Run(settings, ManifestStateSource.Create(settings.Manifests, settings.Standalone), context));

    internal static int Run(ExplainSettings settings, IDesiredStateSource source, CommandContext context)
    {
        var loaded = source.Load();
        foreach (var diagnostic in loaded.Diagnostics.Where(d => loaded.Desired is null || d.Severity == Severity.Error))
        {
            context.Error.WriteLine(diagnostic);
        }

        if (loaded.Desired is not { } desired)
        {
            return ExitCode.Failed;
        }

        var explanation = Explainer.Explain(desired, settings.Client, settings.To);
        if (settings.Output == OutputFormat.Json)
        {
            ExplanationJson.Write(explanation, context.Out);
        }
        else
        {
            ExplanationText.Write(explanation, context.Out);
        }

        return ExitCode.Done;
    }
}
