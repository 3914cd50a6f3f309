using System.CommandLine;

namespace L4Lb.Host.Cli;

/// <summary>Says what was wrong with a command line and where to read on.</summary>
internal static class UsageError
{
    /// <summary>Writes every one of <paramref name="problems"/> and returns the exit code.</summary>
    public static int Write(CommandContext context, Command command, IEnumerable<string> problems)
    {
        foreach (var problem in problems.Distinct(StringComparer.Ordinal))
        {
            context.Error.WriteLine($"l4lb: {problem}");
        }

        context.Error.WriteLine($"See '{CommandPath.Whole(command)} --help'.");
        return ExitCode.Usage;
    }
}
