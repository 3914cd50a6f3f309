using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Manual;

/// <summary>
/// The manual page, made from the commands themselves, so that it says what they do: in the language of man(7). It has neither a
/// date nor a version, so that it changes only when they do.
/// </summary>
internal static class ManualPage
{
    /// <summary>Writes it.</summary>
    public static string Write(RootCommand root)
    {
        var page = new StringBuilder();
        page.Append(".\\\" Written by l4lb man\n.TH L4LB 1 \"\" \"L4Lb\" \"User Commands\"\n");
        page.Append($".SH NAME\nl4lb \\- {Text(root.Description!.TrimEnd('.'))}\n");
        page.Append(".SH SYNOPSIS\n.B l4lb\n.I COMMAND\n[\\fIOPTION\\fR]...\n");
        page.Append(".SH DESCRIPTION\nForwards TCP and UDP to the endpoints of Kubernetes Services, from files or from a cluster.\n");
        page.Append("Each option whose description ends with a name in brackets can be given by that environment variable too;\n");
        page.Append("what is on the command line wins.\n.SH COMMANDS\n");
        foreach (var command in Shown(root))
        {
            Write(page, command);
        }

        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in s_exitCodes)
        {
            page.Append($".TP\n.B {code}\n{Text(meaning)}\n");
        }

        page.Append(".SH EXAMPLES\n");
        foreach (var example in Shown(root).SelectMany(static c => HelpWithExamples.Of(c)))
        {
            page.Append($".PP\n.EX\n{Text(example)}\n.EE\n");
        }

        return page.ToString();
    }

    private static readonly (int Code, string Meaning)[] s_exitCodes =
    [
        (ExitCode.Done, "Done."),
        (ExitCode.Failed, "The input is invalid, or a running instance refused; every reason was printed."),
        (ExitCode.Usage, "The command line was not understood."),
        (ExitCode.CannotStart, "It could not start, or no instance could be reached; the address and what would help was printed."),
    ];

    /// <summary>All commands below one, each before its own.</summary>
    private static IEnumerable<Command> Shown(Command command) =>
        command.Subcommands.Where(static c => !c.Hidden).SelectMany(static c => Shown(c).Prepend(c));

    private static void Write(StringBuilder page, Command command)
    {
        var arguments = command.Arguments.Where(static a => !a.Hidden).ToList();
        page.Append($".SS \"{Text(CommandPath.Whole(command))}{string.Concat(arguments.Select(static a => $" {Usage(a)}"))} [OPTION]...\"\n");
        page.Append(Text(command.Description!)).Append(".\n");
        foreach (var argument in arguments)
        {
            page.Append($".TP\n.I {Text(argument.Name)}\n{Text(argument.Description!)}\n");
        }

        foreach (var option in command.Options.Where(static o => o is not (HelpOption or VersionOption) && !o.Hidden))
        {
            var names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Append(option.Name).Select(static n => $"\\fB{Text(n)}\\fR"));
            var value = option.HelpName is { } name ? $" \\fI{Text(name)}\\fR" : "";
            page.Append($".TP\n{names}{value}\n{Text(option.Description!)}\n");
        }
    }

    private static string Usage(Argument argument) =>
        argument.Arity.MaximumNumberOfValues > 1 ? $"[{argument.Name}]..." : argument.Name;

    /// <summary>What would mean something to the formatter stands for itself.</summary>
    private static string Text(string text)
    {
        var safe = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("…", "...", StringComparison.Ordinal).Replace("\"", "\\(dq", StringComparison.Ordinal);
        return safe is ['.' or '\'', ..] ? $"\\&{safe}" : safe;
    }
}
