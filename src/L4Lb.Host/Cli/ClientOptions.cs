using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Client;

namespace L4Lb.Host.Cli;

/// <summary>The options of every command that asks a running instance.</summary>
internal sealed class ClientOptions
{
    private static readonly ClientSettings s_defaults = new(ServerAddress.Default);

    private readonly Setting<ServerAddress> _admin = OptionBuilder.Single(
        "--admin", "ADDRESS", "The instance to ask: ADDRESS:PORT, unix:/PATH or https://HOST:PORT (default 127.0.0.1:9900)", ServerAddress.Read, s_defaults.Address);

    private readonly Setting<string?> _tokenFile = OptionBuilder.Single<string?>(
        "--token-file", "PATH", "File with the bearer token, where the instance asks for one", OptionBuilder.Text, null);

    private readonly Setting<string?> _caFile = OptionBuilder.Single<string?>(
        "--ca-file", "PATH", "File with the authorities that its certificate may be of, PEM (default: those of the system)", OptionBuilder.Text, null);

    private readonly Setting<TimeSpan> _timeout = OptionBuilder.Single(
        "--request-timeout", "DURATION", "Time that an answer may take (default 10s)", ReadTimeout, s_defaults.Timeout);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public ClientOptions(Command command)
    {
        command.Add(_admin);
        command.Add(_tokenFile);
        command.Add(_caFile);
        command.Add(_timeout);
    }

    /// <summary>What was given on a line that somebody is still at, of whatever command; the defaults when it asks nobody.</summary>
    public static ClientSettings Find(ParseResult parsed)
    {
        var options = parsed.CommandResult.Command.Options;
        string? File(string name) => options.OfType<Setting<string?>>().FirstOrDefault(o => o.Name == name)?.In(parsed);
        return new ClientSettings(options.OfType<Setting<ServerAddress>>().FirstOrDefault()?.In(parsed) ?? s_defaults.Address)
        {
            TokenFile = File("--token-file"),
            CaFile = File("--ca-file"),
        };
    }

    /// <summary>What was given.</summary>
    public ClientSettings Read(ParseResult parsed) => new(_admin.In(parsed))
    {
        TokenFile = _tokenFile.In(parsed),
        CaFile = _caFile.In(parsed),
        Timeout = _timeout.In(parsed),
    };

    private static TimeSpan ReadTimeout(string text) => DurationText.Read(text) is var timeout
        && timeout > TimeSpan.Zero && timeout <= TimeSpan.FromHours(1)
            ? timeout
            : throw new FormatException("must be more than 0 and at most 1h");
}
