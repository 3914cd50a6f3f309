using System.CommandLine;
using L4Lb.Host.Admin;

namespace L4Lb.Host.Cli;

/// <summary>The options that say where the admin API is, and who may use it.</summary>
internal sealed class AdminOptions
{
    private readonly Setting<AdminAddress> _admin = OptionBuilder.Single(
        "--admin", "ADDRESS", "Address of the admin API: ADDRESS:PORT (0 for any free port), unix:/PATH or none (default 127.0.0.1:9900)", AdminAddress.Read, AdminAddress.Default);

    private readonly Setting<string?> _tokenFile = OptionBuilder.Single<string?>(
        "--admin-token-file", "PATH", "File with the bearer token of the admin API; needed unless it is on loopback", OptionBuilder.Text, null);

    private readonly Setting<string?> _readTokenFile = OptionBuilder.Single<string?>(
        "--admin-read-token-file", "PATH", "File with a second token, for those who may look and change nothing", OptionBuilder.Text, null);

    private readonly Setting<bool> _asksLocally = OptionBuilder.Flag(
        "--admin-token-required", "Ask for a token on loopback and a unix socket, too");

    private readonly Setting<string?> _certificateFile = OptionBuilder.Single<string?>(
        "--admin-certificate", "PATH", "Certificate of the admin API, PEM, for TLS; read again when it changes", OptionBuilder.Text, null);

    private readonly Setting<string?> _keyFile = OptionBuilder.Single<string?>(
        "--admin-key", "PATH", "Key of that certificate, PEM, unless it is in the same file", OptionBuilder.Text, null);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public AdminOptions(Command command)
    {
        command.Add(_admin);
        command.Add(_tokenFile);
        command.Add(_readTokenFile);
        command.Add(_asksLocally);
        command.Add(_certificateFile);
        command.Add(_keyFile);
    }

    /// <summary>What was given; what does not fit together goes to <paramref name="problems"/>.</summary>
    public AdminSettings Read(ParseResult parsed, ICollection<string> problems)
    {
        var address = _admin.In(parsed);
        var tokenFile = _tokenFile.In(parsed);
        if (!address.IsLocal && tokenFile is null)
        {
            problems.Add($"--admin {address}: anything but loopback needs --admin-token-file PATH");
        }

        var settings = new AdminSettings(address, tokenFile)
        {
            ReadTokenFile = _readTokenFile.In(parsed),
            AsksLocally = _asksLocally.In(parsed),
            CertificateFile = _certificateFile.In(parsed),
            KeyFile = _keyFile.In(parsed),
        };
        if (settings is { AsksLocally: true, TokenFile: null })
        {
            problems.Add("--admin-token-required: needs --admin-token-file PATH");
        }

        if (settings is { KeyFile: not null, CertificateFile: null })
        {
            problems.Add("--admin-key: needs --admin-certificate PATH");
        }

        if (settings.CertificateFile is not null && address.SocketPath is not null)
        {
            problems.Add($"--admin {address}: a unix socket has no TLS; leave --admin-certificate out");
        }

        return settings;
    }
}
