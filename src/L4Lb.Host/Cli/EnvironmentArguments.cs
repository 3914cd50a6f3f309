using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace L4Lb.Host.Cli;

/// <summary>
/// Options given as environment variables, turned into the words that would have said the same, so that one parser
/// judges both. What is on the command line wins.
/// </summary>
internal sealed partial class EnvironmentArguments
{
    private readonly Dictionary<Option, string> _variables = [];
    private readonly List<string> _arguments = [];
    private readonly List<string> _problems = [];

    private EnvironmentArguments()
    {
    }

    /// <summary>The words to put behind those of the command line.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>Variables that no words could say.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The variable of an option: <c>--node-name</c> is <c>L4LB_NODE_NAME</c>.</summary>
    public static string VariableOf(string optionName) =>
        $"L4LB_{optionName.TrimStart('-').Replace('-', '_').ToUpperInvariant()}";

    /// <summary>The variables that are set for options of the command which <paramref name="parsed"/> does not have.</summary>
    public static EnvironmentArguments For(ParseResult parsed, Func<string, string?> variable)
    {
        var found = new EnvironmentArguments();
        foreach (var option in parsed.CommandResult.Command.Options)
        {
            var name = VariableOf(option.Name);
            var isOnCommandLine = parsed.GetResult(option) is { Implicit: false };
            if (option is ISetting { HasVariable: true } && !isOnCommandLine && variable(name) is { Length: > 0 } value)
            {
                found.Add(option, name, value);
            }
        }

        return found;
    }

    /// <summary>The texts of <paramref name="errors"/>, naming the variable where the value came from one.</summary>
    public IEnumerable<string> Name(IEnumerable<ParseError> errors) => errors.Select(e =>
        OptionOf(e.SymbolResult) is { } option && _variables.TryGetValue(option, out var variable)
            ? $"{variable}: {e.Message}"
            : UsageError.TextOf(e));

    private static Option? OptionOf(SymbolResult? result) =>
        (result as OptionResult ?? result?.Parent as OptionResult)?.Option;

    private void Add(Option option, string variable, string value)
    {
        if (option is Option<bool> && value is not ("1" or "0") && !bool.TryParse(value, out _))
        {
            _problems.Add($"{variable}={value}: must be true or false");
            return;
        }

        _variables.Add(option, variable);
        IEnumerable<string> values = option switch
        {
            Option<bool> => [value is "1" ? "true" : value is "0" ? "false" : value],
            { Arity.MaximumNumberOfValues: > 1 } => Separator().Split(value),
            _ => [value],
        };
        foreach (var each in values)
        {
            // One word, because a value of its own may look like an option.
            _arguments.Add($"{option.Name}={each}");
        }
    }

    /// <summary>A comma, unless it leads to a parameter of the value before it: <c>127.0.0.1:80,weight=3</c>.</summary>
    [GeneratedRegex(",(?![a-z-]+=)")]
    private static partial Regex Separator();
}
