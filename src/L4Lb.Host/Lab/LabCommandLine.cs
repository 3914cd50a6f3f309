using System.CommandLine;
using System.Globalization;
using L4Lb.Host.Cli;
using L4Lb.Host.Cli.Values;
using L4Lb.Lab.Reports;

namespace L4Lb.Host.Lab;

/// <summary>The options of <c>l4lb lab …</c>.</summary>
internal static class LabCommandLine
{
    // More runs than anybody waits for.
    private const int MostSeeds = 1000;

    /// <summary>The command, with a command for each thing that the lab does.</summary>
    public static Command Build(CommandContext context, LabHandlers handlers)
    {
        var command = new Command("lab", "Compare schedulers: simulate traffic on the schedulers' own code, and report")
        {
            Scenarios(context, handlers.Scenarios),
            Check(context, handlers.Check),
            Simulate(context, handlers.Simulate),
            TrafficCommandLine.Live(context, handlers.Live),
            TrafficCommandLine.Replay(context, handlers.Replay),
            Report(context, handlers.Report),
            Compare(context, handlers.Compare),
        };
        command.SetAction((_, cancellationToken) => handlers.Guide(new GuideSettings(), context, cancellationToken));
        return command;
    }

    private static Command Scenarios(CommandContext context, CommandHandler<ScenariosSettings> handler)
    {
        var command = new Command("scenarios", "List the scenarios that come with the program, or print one to copy");
        var names = OptionBuilder.Arguments("NAME", "Print its file", OptionBuilder.Text);
        names.Arity = ArgumentArity.ZeroOrOne;
        var schema = OptionBuilder.FlagHere("--schema", "Print the JSON Schema of scenarios, by which editors complete and check them");
        command.Add(names);
        command.Add(schema);
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new ScenariosSettings(parsed.GetRequiredValue(names) is [var name] ? name : null, schema.In(parsed));
            return settings is { Name: not null, PrintsSchema: true }
                ? Task.FromResult(UsageError.Write(context, command, ["--schema is that of all scenarios: it goes without a name"]))
                : handler(settings, context, cancellationToken);
        });
        return command;
    }

    private static Command Check(CommandContext context, CommandHandler<CheckScenarioSettings> handler)
    {
        var command = new Command("check", "Validate scenario files: every error as file:line: field.path: message");
        var files = Some("FILE", "Scenario files");
        command.Add(files);
        command.SetAction((parsed, cancellationToken) =>
            handler(new CheckScenarioSettings(parsed.GetRequiredValue(files)), context, cancellationToken));
        return command;
    }

    private static Command Simulate(CommandContext context, CommandHandler<SimulateSettings> handler)
    {
        var command = new Command("simulate", "Run scenarios in virtual time; write the result and a report, and print the ranking");
        var scenarios = Some("SCENARIO", "Names of shipped scenarios, or files");
        var schedulers = OptionBuilder.ManyHere("--scheduler", "NAME[,PARAMETER=VALUE...]", "Compare these instead of the scenario's; may be repeated", SchedulerName);
        var seeds = OptionBuilder.Here<int?>("--seeds", "N", "Run each scheduler under seeds 1 to N; 5 or more for confidence intervals", ReadSeeds, null);
        var duration = OptionBuilder.Here<TimeSpan?>("--duration", "DURATION", "Measured time of each run, in the scenario's own time", ReadDuration, null);
        var load = OptionBuilder.Here<double?>("--load", "PART", "Offered work as a part of the capacity: 0.9", ReadLoad, null);
        var parallel = OptionBuilder.Here<int?>("--parallel", "N", "Runs at a time (default: cores)", ReadCount, null);
        var output = OptionBuilder.Here<string?>("--output", "FILE", "Where the result goes (default: the scenario's name.result.json, here)", OptionBuilder.Text, null, "-o");
        var report = OptionBuilder.Here<string?>("--report", "FILE.html", "Where the report goes (default: the scenario's name.html, here)", OptionBuilder.Text, null);
        var open = OptionBuilder.FlagHere("--open", "Open the report in a browser, where there is a desktop");
        command.Add(scenarios);
        foreach (var option in new Option[] { schedulers, seeds, duration, load, parallel, output, report, open })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new SimulateSettings(parsed.GetRequiredValue(scenarios))
            {
                Changes = new ScenarioChanges(schedulers.In(parsed), seeds.In(parsed), duration.In(parsed), load.In(parsed)),
                Parallel = parallel.In(parsed),
                Output = output.In(parsed),
                Report = report.In(parsed),
                Opens = open.In(parsed),
                Command = Typed(parsed),
            };
            return settings.Scenarios.Count > 1 && (settings.Output ?? settings.Report) is not null
                ? Task.FromResult(UsageError.Write(context, command, ["--output and --report go with one scenario: each has its own"]))
                : handler(settings, context, cancellationToken);
        });
        return command;
    }

    private static Command Report(CommandContext context, CommandHandler<ReportSettings> handler)
    {
        var command = new Command("report", "Make a report of results; several of one scenario come into one report");
        var results = Some("RESULT", "Files that l4lb lab simulate wrote");
        var output = OptionBuilder.Here<string?>(
            "--output", "FILE", "Where it goes (default: the scenario's name.html, here; other formats: the output)", OptionBuilder.Text, null, "-o");
        var format = OptionBuilder.Here<ReportFormat?>(
            "--format", "html|markdown|csv|json", "Form of the report (default: as the file's name ends, or html)",
            static text => Formats(text), null);
        var open = OptionBuilder.FlagHere("--open", "Open the report in a browser, where there is a desktop");
        var charts = OptionBuilder.Here<string?>("--charts", "FOLDER", "Write the charts instead, each as an SVG file", OptionBuilder.Text, null);
        command.Add(results);
        command.Add(output);
        command.Add(format);
        command.Add(charts);
        command.Add(open);
        command.SetAction((parsed, cancellationToken) => handler(
            new ReportSettings(parsed.GetRequiredValue(results))
            {
                Output = output.In(parsed),
                Format = format.In(parsed),
                Charts = charts.In(parsed),
                Opens = open.In(parsed),
            },
            context, cancellationToken));
        return command;
    }

    private static Command Compare(CommandContext context, CommandHandler<CompareSettings> handler)
    {
        var command = new Command("compare", "Say how results differ from the first, and which differences are more than chance");
        var results = Some("RESULT", "Files that l4lb lab simulate wrote: what is compared with, then what is compared");
        results.Arity = new ArgumentArity(2, 100);
        var output = OptionBuilder.Here(
            "--output", "text|markdown|html|json", "Form of the answer (default text)",
            WordText.Reader<ReportFormat?>(("text", null), ("markdown", ReportFormat.Markdown), ("html", ReportFormat.Html), ("json", ReportFormat.Json)),
                null, "-o");
        var fails = OptionBuilder.FlagHere("--fail-on-regression", "End with exit code 1 when a measure that decides got worse");
        var tolerance = OptionBuilder.Here("--tolerance", "PERCENT", "Changes up to this do not matter (default 1)", ReadPercent, 0.01);
        var all = OptionBuilder.FlagHere("--all", "Print what is the same too");
        command.Add(results);
        command.Add(output);
        command.Add(fails);
        command.Add(tolerance);
        command.Add(all);
        command.SetAction((parsed, cancellationToken) => handler(
            new CompareSettings(parsed.GetRequiredValue(results))
            {
                Output = output.In(parsed),
                FailsOnRegression = fails.In(parsed),
                Tolerance = tolerance.In(parsed),
                All = all.In(parsed),
            },
            context, cancellationToken));
        return command;
    }

    internal static Argument<IReadOnlyList<string>> Some(string name, string description)
    {
        var argument = OptionBuilder.Arguments(name, description, OptionBuilder.Text);
        argument.Arity = ArgumentArity.OneOrMore;
        return argument;
    }

    /// <summary>What was typed, for the result's provenance.</summary>
    internal static string Typed(ParseResult parsed) => $"l4lb {string.Join(' ', parsed.Tokens.Select(static t => t.Value))}";

    /// <summary>As it was typed, when the catalog can build it.</summary>
    internal static string SchedulerName(string text)
    {
        SchedulerText.Read(text);
        return text;
    }

    private static ReportFormat? Formats(string text) => WordText.Reader(
        ("html", ReportFormat.Html), ("markdown", ReportFormat.Markdown), ("csv", ReportFormat.Csv), ("json", ReportFormat.Json))(text);

    internal static int? ReadSeeds(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 1 and <= MostSeeds
        ? count
        : throw new FormatException($"must be a number from 1 to {MostSeeds}");

    internal static int? ReadCount(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count >= 1
        ? count
        : throw new FormatException("must be a number of at least 1");

    internal static TimeSpan? ReadDuration(string text) => DurationText.Read(text) is { Ticks: > 0 } duration
        ? duration
        : throw new FormatException("must be more than nothing");

    internal static double? ReadLoad(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var load) && load is > 0 and <= 10
            ? load
            : throw new FormatException("must be a part of the capacity, as 0.9, at most 10");

    private static double ReadPercent(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 1000
            ? percent / 100
            : throw new FormatException("must be a number of percent");
}
