using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Cli;

/// <summary>The options that say what is logged, and how.</summary>
internal sealed class LogOptions
{
    private readonly Setting<LogLevel> _level = OptionBuilder.Single(
        "--log-level",
        "LEVEL",
        "Least severity logged: trace, debug, info, warn, error, none (default info)",
        WordText.Reader(
            ("trace", LogLevel.Trace),
            ("debug", LogLevel.Debug),
            ("info", LogLevel.Information),
            ("warn", LogLevel.Warning),
            ("error", LogLevel.Error),
            ("none", LogLevel.None)),
        LogLevel.Information);

    private readonly Setting<LogFormat> _format = OptionBuilder.Single(
        "--log-format",
        "text|json",
        "Form of the log on standard error (default text)",
        WordText.Reader(("text", LogFormat.Text), ("json", LogFormat.Json)),
        LogFormat.Text);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public LogOptions(Command command)
    {
        command.Add(_level);
        command.Add(_format);
    }

    /// <summary>What was given.</summary>
    public LogSettings Read(ParseResult parsed) => new(_level.In(parsed), _format.In(parsed));
}
