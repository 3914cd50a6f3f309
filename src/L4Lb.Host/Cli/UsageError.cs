using System.CommandLine;
using System.CommandLine.Parsing;

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

    /// <summary>What the parser found, naming the argument where one is missing: it names the command, which everybody knows.</summary>
    public static string TextOf(ParseError error) =>
        error.SymbolResult is ArgumentResult { Parent: CommandResult, Tokens.Count: 0, Argument.Name: var missing }
            ? $"{missing} is missing"
            : error.Message;
}
