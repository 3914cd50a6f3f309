using System.CommandLine;
using System.Net;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Explain;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb explain</c>.</summary>
internal static class ExplainCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<ExplainSettings> explain)
    {
        var command = new Command("explain", "Say what would become of a connection: which service, which backends, in which order");
        var manifests = new ManifestOptions(command, required: true);
        var client = Required(OptionBuilder.Single(
            "--client", "IP[:PORT]", "Who asks", ClientText.Read, new IPEndPoint(IPAddress.Loopback, 0)));
        var to = Required(OptionBuilder.Single(
            "--to", "IP:PORT[/udp]", "What is asked for", TargetText.Read, new Target(new IPEndPoint(IPAddress.Loopback, 0))));
        var output = OptionBuilder.Single(
            "--output", "text|json", "Form of the answer (default text)", WordText.Reader(("text", OutputFormat.Text), ("json", OutputFormat.Json)), OutputFormat.Text);
        output.Aliases.Add("-o");
        command.Add(client);
        command.Add(to);
        command.Add(output);
        var planning = new PlanningOptions(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var problems = new List<string>();
            var settings = new ExplainSettings(
                manifests.Read(parsed),
                planning.Read(parsed, problems),
                client.In(parsed),
                to.In(parsed),
                output.In(parsed));
            if (settings.Client.AddressFamily != settings.To.Address.AddressFamily)
            {
                problems.Add("--client and --to are of different address families");
            }

            return problems.Count == 0
                ? explain(settings, context, cancellationToken)
                : Task.FromResult(UsageError.Write(context, command, problems));
        });
        return command;
    }

    private static Setting<T> Required<T>(Setting<T> option)
    {
        option.Required = true;
        return option;
    }
}
