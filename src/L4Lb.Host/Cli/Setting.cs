using System.CommandLine;

namespace L4Lb.Host.Cli;

/// <summary>
/// An option that knows what holds when it is not given. The parser's own notion of a default would print the
/// value's program text in the help, where the description says it in words.
/// </summary>
internal sealed class Setting<T>(string name, T fallback, params string[] aliases) : Option<T>(name, aliases), ISetting
{
    /// <inheritdoc/>
    public bool HasVariable { get; init; } = true;

    /// <summary>Reads its value; null where the parser does.</summary>
    public Func<string, T>? Read { get; init; }

    /// <summary>What was given, or what holds without it.</summary>
    // Read here again: a value that is null, as "none" may be, is one to the parser that it has to convert, which fails.
    public T In(ParseResult parsed) => parsed.GetResult(this) is not { } given ? fallback
        : Read is null ? parsed.GetValue(this)!
        : Read(given.Tokens[^1].Value);
}

/// <summary>What is to be known of every <see cref="Setting{T}"/>.</summary>
internal interface ISetting
{
    /// <summary>
    /// Whether an environment variable stands for it. None does for what belongs to one command line alone: a variable that is set
    /// for <c>run</c> must not decide which sessions <c>kill</c> ends.
    /// </summary>
    bool HasVariable { get; }
}
