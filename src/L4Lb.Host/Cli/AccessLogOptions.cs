using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Cli;

/// <summary>The options of the access log.</summary>
internal sealed class AccessLogOptions
{
    private readonly Setting<string?> _path = OptionBuilder.Single<string?>(
        "--access-log", "PATH|-", "Write a line per session and UDP flow to that file, - for standard output", OptionBuilder.Text, null);

    private readonly Setting<AccessLogFormat> _format = OptionBuilder.Single(
        "--access-log-format", "json|tcplog", "Form of those lines: JSON, or HAProxy's 'option tcplog' (default json)",
        WordText.Reader(("json", AccessLogFormat.Json), ("tcplog", AccessLogFormat.TcpLog)), AccessLogFormat.Json);

    private readonly Setting<AccessLogSample> _sample = OptionBuilder.Single(
        "--access-log-sample", "1/N", "Write one in N of those that ended in order, and all others (default 1/1)",
        SampleText.Read, AccessLogSample.All);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public AccessLogOptions(Command command)
    {
        command.Add(_path);
        command.Add(_format);
        command.Add(_sample);
    }

    /// <summary>What was given, null for no access log; what does not fit together goes to <paramref name="problems"/>.</summary>
    public AccessLogSettings? Read(ParseResult parsed, ICollection<string> problems)
    {
        if (_path.In(parsed) is { } path)
        {
            return new AccessLogSettings(path) { Format = _format.In(parsed), Sample = _sample.In(parsed) };
        }

        foreach (var option in (Option[])[_format, _sample])
        {
            if (parsed.GetResult(option) is not null)
            {
                problems.Add($"{option.Name} needs --access-log PATH");
            }
        }

        return null;
    }
}
