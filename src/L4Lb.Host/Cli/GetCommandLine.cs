using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Client.Get;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb get</c>.</summary>
internal static class GetCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<GetSettings> get)
    {
        var command = new Command("get", "List what a running instance has, as kubectl would");
        var resource = OptionBuilder.Argument(
            "RESOURCE", string.Join(", ", Resources.All.Select(static r => $"{r.Name} ({r.OtherNames[^1]})")), Resource.Find);
        var names = OptionBuilder.Arguments("NAME", "Only these: NAME or NAMESPACE/NAME", OptionBuilder.Text);
        var output = OptionBuilder.Here(
            "--output", "table|wide|json|yaml", "Form of the answer (default table)",
            WordText.Reader(("table", OutputForm.Table), ("wide", OutputForm.Wide), ("json", OutputForm.Json), ("yaml", OutputForm.Yaml)),
            OutputForm.Table, "-o");
        var watch = OptionBuilder.FlagHere("--watch", "Go on with what changes, until it is interrupted", "-w");
        var ns = OptionBuilder.Here<string?>("--namespace", "NAME", "Those of one namespace", OptionBuilder.Text, null, "-n");
        var all = OptionBuilder.FlagHere("--all-namespaces", "Those of all namespaces, as without --namespace", "-A");
        var limit = OptionBuilder.Here<int?>("--limit", "N", "Most items (default: all; of events the last 500)", ReadLimit, null);
        command.Add(resource);
        command.Add(names);
        command.Add(output);
        command.Add(watch);
        command.Add(ns);
        command.Add(all);
        var filters = new FilterOptions(command);
        command.Add(limit);
        var client = new ClientOptions(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var of = parsed.GetRequiredValue(resource);
            var wanted = all.In(parsed) ? null : ns.In(parsed);
            var problems = filters.Given(parsed).Except(of.Filters)
                .Select(filter => $"{filter} does not go with {of.Name}{(of.Filters.Count > 0 ? $"; {string.Join(", ", of.Filters)} does" : "")}")
                .ToList();
            if (wanted is not null && !of.HasNamespaces)
            {
                problems.Add($"--namespace does not go with {of.Name}: they have none");
            }

            if (problems.Count > 0)
            {
                return Task.FromResult(UsageError.Write(context, command, problems));
            }

            var settings = new GetSettings(client.Read(parsed), of)
            {
                Selection = filters.Read(parsed, wanted) with { Names = parsed.GetRequiredValue(names), Limit = limit.In(parsed) },
                Output = output.In(parsed),
                Watch = watch.In(parsed),
            };
            return get(settings, context, cancellationToken);
        });
        return command;
    }

    private static int? ReadLimit(string text) => int.TryParse(text, out var count) && count >= 1
        ? count
        : throw new FormatException("must be a number of at least 1");
}
