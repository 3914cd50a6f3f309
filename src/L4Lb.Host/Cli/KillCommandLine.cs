using System.CommandLine;
using System.Globalization;
using L4Lb.Host.Client;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb kill</c>.</summary>
internal static class KillCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<KillSettings> kill)
    {
        var command = new Command("kill", "End sessions and UDP flows: by number, or those that fit");
        var ids = OptionBuilder.Arguments("SESSION", "Numbers, as l4lb get sessions and l4lb get flows have them", ReadId);
        command.Add(ids);
        var filters = new FilterOptions(command);
        var yes = OptionBuilder.FlagHere("--yes", "End all that fit without asking", "-y");
        command.Add(yes);
        var client = new ClientOptions(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new KillSettings(client.Read(parsed), parsed.GetRequiredValue(ids), filters.Read(parsed))
            {
                Yes = yes.In(parsed),
            };
            return (settings.Ids.Count > 0, filters.Given(parsed).Any()) switch
            {
                (false, false) => Refuse("say which: numbers of sessions, or --service, --backend, --client"),
                (true, true) => Refuse($"either numbers of sessions or {string.Join(", ", filters.Given(parsed))}, not both"),
                _ => kill(settings, context, cancellationToken),
            };
            Task<int> Refuse(string problem) => Task.FromResult(UsageError.Write(context, command, [problem]));
        });
        return command;
    }

    private static long ReadId(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new FormatException("must be the number of a session");
}
