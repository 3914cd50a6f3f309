using L4Lb.Host.Cli;

namespace L4Lb.Host.Completion;

/// <summary>Which script <c>l4lb completion</c> is to print.</summary>
/// <param name="Shell">For which shell.</param>
internal sealed record CompletionSettings(string Shell);

/// <summary><c>l4lb completion</c>: the scripts ask the program itself, so that they know what it knows.</summary>
internal static class CompletionCommand
{
    /// <summary>The shells that there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>Prints the script.</summary>
    public static async Task<int> RunAsync(CompletionSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(
            typeof(CompletionCommand).Assembly.GetManifestResourceStream($"L4Lb.Host.Completion.l4lb.{settings.Shell}")!);
        context.Out.Write(await reader.ReadToEndAsync(cancellationToken));
        return ExitCode.Done;
    }
}
