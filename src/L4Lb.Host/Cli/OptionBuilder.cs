using System.CommandLine;
using System.CommandLine.Parsing;

namespace L4Lb.Host.Cli;

/// <summary>
/// Makes options whose values are read by a function that throws <see cref="FormatException"/> for what it does not
/// understand, and whose help names their environment variable.
/// </summary>
internal static class OptionBuilder
{
    /// <summary>An option that is there or not.</summary>
    public static Setting<bool> Flag(string name, string description) =>
        new(name, fallback: false) { Description = Describe(name, description) };

    /// <summary>An option with at most one value.</summary>
    public static Setting<T> Single<T>(string name, string valueName, string description, Func<string, T> read, T fallback) =>
        new(name, fallback)
        {
            Description = Describe(name, description),
            HelpName = valueName,
            Arity = ArgumentArity.ExactlyOne,
            Read = read,
            CustomParser = result => Read(name, result.Tokens[^1], read, result)!,
        };

    /// <summary>A flag that belongs to one command line alone: no variable stands for it.</summary>
    public static Setting<bool> FlagHere(string name, string description, params string[] aliases) =>
        new(name, fallback: false, aliases) { Description = description, HasVariable = false };

    /// <summary>An option with at most one value, likewise.</summary>
    public static Setting<T> Here<T>(
        string name, string valueName, string description, Func<string, T> read, T fallback, params string[] aliases) =>
        new(name, fallback, aliases)
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.ExactlyOne,
            Read = read,
            CustomParser = result => Read(name, result.Tokens[^1], read, result)!,
            HasVariable = false,
        };

    /// <summary>An argument that must be there.</summary>
    public static Argument<T> Argument<T>(string name, string description, Func<string, T> read) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Read(name, result.Tokens[^1], read, result)!,
    };

    /// <summary>Arguments, as many as there are.</summary>
    public static Argument<IReadOnlyList<T>> Arguments<T>(string name, string description, Func<string, T> read) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result => [.. result.Tokens.Select(t => Read(name, t, read, result)!)],
        DefaultValueFactory = static _ => [],
    };

    /// <summary>An option that may be repeated.</summary>
    public static Setting<IReadOnlyList<T>> Many<T>(
        string name, string valueName, string description, Func<string, T> read, params string[] aliases) =>
        new(name, [], aliases)
        {
            Description = Describe(name, description),
            HelpName = valueName,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(t => Read(name, t, read, result)!)],
        };

    /// <summary>An option that may be repeated and belongs to one command line alone.</summary>
    public static Setting<IReadOnlyList<T>> ManyHere<T>(string name, string valueName, string description, Func<string, T> read) =>
        new(name, [])
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(t => Read(name, t, read, result)!)],
            HasVariable = false,
        };

    /// <summary>Takes the text as it is.</summary>
    public static string Text(string text) => text.Length > 0 ? text : throw new FormatException("must not be empty");

    private static T? Read<T>(string name, Token token, Func<string, T> read, ArgumentResult result)
    {
        try
        {
            return read(token.Value);
        }
        catch (FormatException e)
        {
            result.AddError($"{name} {token.Value}: {e.Message}");
            return default;
        }
    }

    private static string Describe(string name, string description) =>
        $"{description} [{EnvironmentArguments.VariableOf(name)}]";
}
