using System.CommandLine;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Health;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb health</c>: those of <c>l4lb run</c> by the same names, so that the same variables are read.</summary>
internal static class HealthCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<HealthSettings> health)
    {
        var admin = OptionBuilder.Single(
            "--admin", "ADDRESS", "Address of its admin API: ADDRESS:PORT or unix:/PATH (default 127.0.0.1:9900)",
            AdminAddress.Read, AdminAddress.Default);
        var certificate = OptionBuilder.Single<string?>(
            "--admin-certificate", "PATH", "Its certificate, PEM, when its admin API has TLS", OptionBuilder.Text, null);
        var timeout = OptionBuilder.Single(
            "--timeout", "DURATION", "Time that it has for its answer (default 2s)", DurationText.Read, TimeSpan.FromSeconds(2));
        var command = new Command("health", "Ask an instance on this machine whether it serves: exits 0 when it does, else 1")
        {
            admin, certificate, timeout,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var address = admin.In(parsed);
            return address == AdminAddress.None
                ? Task.FromResult(UsageError.Write(context, command, ["--admin none: without its admin API nobody can be asked"]))
                : health(new HealthSettings(address, certificate.In(parsed), timeout.In(parsed)), context, cancellationToken);
        });
        return command;
    }
}
