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

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public AdminOptions(Command command)
    {
        command.Add(_admin);
        command.Add(_tokenFile);
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

        return new AdminSettings(address, tokenFile);
    }
}
