using System.CommandLine;
using System.CommandLine.Parsing;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Cli;

/// <summary>Words of a command line that mean nothing where they stand, and what was probably meant.</summary>
internal sealed class UnknownWords
{
    private readonly ParseResult _parsed;
    private readonly Command _command;

    private UnknownWords(ParseResult parsed) => (_parsed, _command) = (parsed, parsed.CommandResult.Command);

    /// <summary>What is to be said of such words, and the errors of <paramref name="parsed"/> that are about others.</summary>
    public static (IReadOnlyList<string> Problems, IEnumerable<ParseError> Others) In(ParseResult parsed)
    {
        var found = new UnknownWords(parsed);
        var isGroup = found._command.Subcommands.Count > 0;
        if (isGroup && parsed.UnmatchedTokens.FirstOrDefault(static word => !IsOption(word)) is { } name)
        {
            // Without the command nobody knows what the rest means.
            return ([Say("command", name, found._command.Subcommands.Where(static c => !c.Hidden).Select(static c => c.Name))], []);
        }

        var options = parsed.UnmatchedTokens.Where(IsOption).Concat(found.OptionsTakenForArguments).ToHashSet(StringComparer.Ordinal);
        if (options.Count == 0)
        {
            return ([], parsed.Errors);
        }

        var words = options.Concat(found.ValuesOf(options).Select(static value => $"'{value}'")).ToArray();
        return (
            [.. options.Select(found.SayOption)],
            isGroup ? [] : parsed.Errors.Where(e => !words.Any(word => e.Message.Contains(word, StringComparison.Ordinal))));
    }

    /// <summary>Where a command takes names, the parser takes anything for one; who means it says so by two dashes before.</summary>
    private IEnumerable<string> OptionsTakenForArguments => _parsed.Tokens.Any(static token => token.Type == TokenType.DoubleDash)
        ? []
        : _parsed.CommandResult.Tokens.Select(static token => token.Value).Where(IsOption);

    private IEnumerable<string> OptionNames => _parsed.RootCommandResult.Command.Options.Where(static o => o.Recursive)
        .Concat(_command.Options).Where(static o => !o.Hidden).SelectMany(static o => o.Aliases.Append(o.Name)).Where(IsOption);

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]);

    private string SayOption(string word)
    {
        var name = word.Split('=')[0]; // A value that is given with an equals sign is no part of it.
        string[] names = [.. OptionNames];

        // The parser knows options of a command only behind it.
        return names.Contains(name) ? $"{name} belongs behind '{CommandPath.Whole(_command)}'" : Say("option", name, names);
    }

    private static string Say(string what, string name, IEnumerable<string> names)
    {
        string[] all = [.. names];
        var near = all.FirstOrDefault(n => n.StartsWith(name, StringComparison.Ordinal)) ?? NearestName.Of(name, all);
        return $"there is no {what} {name}{(near is null ? "" : $"; did you mean {near}?")}";
    }

    /// <summary>Words behind an unknown option: its values, which mean nothing without it.</summary>
    private HashSet<string> ValuesOf(HashSet<string> options) =>
        _parsed.Tokens.Zip(_parsed.Tokens.Skip(1))
            .Where(pair => options.Contains(pair.First.Value) && !IsOption(pair.Second.Value))
            .Select(static pair => pair.Second.Value)
            .ToHashSet(StringComparer.Ordinal);
}
