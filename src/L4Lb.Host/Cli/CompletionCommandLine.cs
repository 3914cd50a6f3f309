using System.CommandLine;
using L4Lb.Host.Completion;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb completion</c>, and of <c>l4lb complete</c>, which its scripts ask.</summary>
internal static class CompletionCommandLine
{
    /// <summary>The command that people use.</summary>
    public static Command Build(CommandContext context, CommandHandler<CompletionSettings> completion)
    {
        var command = new Command("completion", "Print a script that completes commands, options and names in a shell");
        var shell = OptionBuilder.Argument("SHELL", string.Join(", ", CompletionCommand.Shells), ReadShell);
        command.Add(shell);
        command.SetAction((parsed, cancellationToken) =>
            completion(new CompletionSettings(parsed.GetRequiredValue(shell)), context, cancellationToken));
        return command;
    }

    /// <summary>The command that scripts use.</summary>
    public static Command BuildAsked(CommandContext context, RootCommand root)
    {
        var command = new Command("complete", "What the last word may become") { Hidden = true };
        var words = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = static _ => [] };
        command.Add(words);
        command.SetAction((parsed, cancellationToken) =>
            CompleteCommand.RunAsync(root, new CompleteSettings(parsed.GetRequiredValue(words)), context, cancellationToken));
        return command;
    }

    private static string ReadShell(string text) => CompletionCommand.Shells.Contains(text)
        ? text
        : throw new FormatException($"must be one of {string.Join(", ", CompletionCommand.Shells)}");
}
