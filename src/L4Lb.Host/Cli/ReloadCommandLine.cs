using System.CommandLine;
using L4Lb.Host.Client;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb reload</c>.</summary>
internal static class ReloadCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<ReloadSettings> reload)
    {
        var command = new Command("reload", "Load the configuration again, as SIGHUP does, and say how it went");
        var client = new ClientOptions(command);
        command.SetAction((parsed, cancellationToken) => reload(new ReloadSettings(client.Read(parsed)), context, cancellationToken));
        return command;
    }
}
