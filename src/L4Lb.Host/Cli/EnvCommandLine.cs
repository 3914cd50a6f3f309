using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Env;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb env</c>.</summary>
internal static class EnvCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<EnvSettings> env)
    {
        var command = new Command("env", "Print the variables by which a container of a namespace finds the Services");
        var home = OptionBuilder.Argument("NAMESPACE", "Namespace of the container", OptionBuilder.Text);
        var output = OptionBuilder.Here(
            "--output", "env|docker|systemd|json", "Form of the answer (default env)",
            WordText.Reader(("env", EnvFormat.Env), ("docker", EnvFormat.Docker), ("systemd", EnvFormat.Systemd), ("json", EnvFormat.Json)),
            EnvFormat.Env, "-o");
        var noLinks = OptionBuilder.FlagHere("--no-service-links", "The container asked for the API server's alone (enableServiceLinks: false)");
        var stateDirectory = OptionBuilder.Single<string?>(
            "--state-dir", "DIR", "Folder where the running instance keeps the addresses that it gave out", OptionBuilder.Text, null);
        command.Add(home);
        var manifests = new ManifestOptions(command, required: true);
        command.Add(output);
        command.Add(noLinks);
        command.Add(stateDirectory);
        var planning = new PlanningOptions(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var problems = new List<string>();
            var standalone = planning.Read(parsed, problems) with
            {
                StateDirectory = stateDirectory.In(parsed),
                ReadOnlyState = true,
            };
            var settings = new EnvSettings(
                parsed.GetValue(home)!, manifests.Read(parsed), standalone, !noLinks.In(parsed), output.In(parsed));
            return problems.Count == 0
                ? env(settings, context, cancellationToken)
                : Task.FromResult(UsageError.Write(context, command, problems));
        });
        return command;
    }
}
