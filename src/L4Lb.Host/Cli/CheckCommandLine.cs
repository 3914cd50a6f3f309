using System.CommandLine;
using L4Lb.Host.Check;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb check</c>.</summary>
internal static class CheckCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<CheckSettings> check)
    {
        var command = new Command("check", "Validate files: every error as file:line: field.path: message");
        var manifests = new ManifestOptions(command, required: true);
        var planning = new PlanningOptions(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var problems = new List<string>();
            var settings = new CheckSettings(manifests.Read(parsed), planning.Read(parsed, problems));
            return problems.Count == 0
                ? check(settings, context, cancellationToken)
                : Task.FromResult(UsageError.Write(context, command, problems));
        });
        return command;
    }
}
