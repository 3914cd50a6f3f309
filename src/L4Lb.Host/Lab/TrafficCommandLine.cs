using System.CommandLine;
using System.Globalization;
using System.Net;
using L4Lb.Host.Cli;
using L4Lb.Host.Cli.Values;
using L4Lb.Lab.Live;
using L4Lb.Lab.Replay;

namespace L4Lb.Host.Lab;

/// <summary>The options of <c>l4lb lab live</c> and <c>l4lb lab replay</c>: real sockets, and real traffic.</summary>
internal static class TrafficCommandLine
{
    private const double ScaleLeast = 0.1;
    private const double ScaleMost = 1000;

    /// <summary><c>l4lb lab live</c>.</summary>
    public static Command Live(CommandContext context, CommandHandler<LiveSettings> handler)
    {
        var command = new Command("live", "Run a scenario on sockets of this machine: real balancer, made-up clients and backends");
        var scenario = OptionBuilder.Argument("SCENARIO", "Name of a shipped scenario, or a file", OptionBuilder.Text);
        var common = new LabRunOptions();
        var duration = OptionBuilder.Here<TimeSpan?>(
            "--duration", "DURATION", "Measured time of each run, in the scenario's own time", LabCommandLine.ReadDuration, null);
        var load = OptionBuilder.Here<double?>("--load", "PART", "Offered work as a part of the capacity: 0.6", LabCommandLine.ReadLoad, null);
        var rate = OptionBuilder.Here<double?>("--rate", "N", "Requests per second on average, in the scenario's own time", ReadRate, null);
        var scale = OptionBuilder.Here("--time-scale", "FACTOR", "Real seconds of each second of the scenario (default 1): 10 is ten times slower, for more backends than the machine could do", ReadScale, 1.0);
        var udp = OptionBuilder.FlagHere("--udp", "Requests are datagrams rather than connections");
        var target = OptionBuilder.Here<IPEndPoint?>("--target", "ADDRESS:PORT", "Drive another load balancer, which has the lab's backends behind it", EndPointText.Read, null);
        var owns = OptionBuilder.FlagHere("--i-own-this-target", "Allow a --target that is not on this machine");
        var port = OptionBuilder.Here<int?>("--backend-port", "PORT", "Port of the first backend on 127.0.0.1, the others following (default: any that are free)", ReadPort, null);
        var simulates = OptionBuilder.FlagHere("--and-simulate", "Simulate it too, and report both side by side");
        command.Add(scenario);
        common.AddSchedulers(command);
        foreach (var option in new Option[] { duration, load, rate, scale, udp, target, owns, port, simulates })
        {
            command.Add(option);
        }

        common.AddOutput(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new LiveSettings(parsed.GetRequiredValue(scenario))
            {
                Changes = new ScenarioChanges(
                    common.Schedulers.In(parsed), common.Seeds.In(parsed), duration.In(parsed), load.In(parsed), rate.In(parsed)),
                Options = new LiveOptions(LabCommandLine.Typed(parsed), Product.Version)
                {
                    IsUdp = udp.In(parsed),
                    TimeScale = scale.In(parsed),
                    Target = target.In(parsed),
                    OwnsTarget = owns.In(parsed),
                    BackendPort = port.In(parsed),
                    Time = context.Time,
                },
                Simulates = simulates.In(parsed),
                Output = common.Output.In(parsed),
                Report = common.Report.In(parsed),
                Opens = common.Open.In(parsed),
            };
            return settings.Changes is { Load: not null, Rate: not null }
                ? Task.FromResult(UsageError.Write(context, command, ["--load and --rate say the same: give one of them"]))
                : handler(settings, context, cancellationToken);
        });
        return command;
    }

    /// <summary><c>l4lb lab replay</c>.</summary>
    public static Command Replay(CommandContext context, CommandHandler<ReplaySettings> handler)
    {
        var command = new Command("replay", "Say what other schedulers would have done with the sessions of an access log");
        var logs = LabCommandLine.Some("ACCESSLOG", "Access logs of l4lb, JSON or tcplog, also compressed by gzip");
        var common = new LabRunOptions();
        var manifests = new ManifestOptions(command, required: false);
        var service = OptionBuilder.Here<string?>("--service", "[NAMESPACE/]NAME[:PORT]", "The service port, where the log has several", OptionBuilder.Text, null);
        var workers = OptionBuilder.Here<int?>("--workers", "N", "Sessions that a backend serves at a time, the others waiting (default: any number)", LabCommandLine.ReadCount, null);
        var parallel = OptionBuilder.Here<int?>("--parallel", "N", "Runs at a time (default: cores)", LabCommandLine.ReadCount, null);
        command.Add(logs);
        common.AddSchedulers(command);
        command.Add(service);
        command.Add(workers);
        command.Add(parallel);
        common.AddOutput(command);
        var planning = new PlanningOptions(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var problems = new List<string>();
            var objects = manifests.Read(parsed);
            var settings = new ReplaySettings(parsed.GetRequiredValue(logs))
            {
                Options = new ReplayOptions
                {
                    Service = service.In(parsed),
                    Workers = workers.In(parsed),
                    Seeds = [.. Enumerable.Range(1, common.Seeds.In(parsed) ?? 1).Select(static n => (ulong)n)],
                },
                Schedulers = common.Schedulers.In(parsed),
                Manifests = objects.Paths.Count > 0 ? objects : null,
                Standalone = planning.Read(parsed, problems),
                Parallel = parallel.In(parsed),
                Output = common.Output.In(parsed),
                Report = common.Report.In(parsed),
                Opens = common.Open.In(parsed),
                Command = LabCommandLine.Typed(parsed),
            };
            return problems.Count == 0
                ? handler(settings, context, cancellationToken)
                : Task.FromResult(UsageError.Write(context, command, problems));
        });
        return command;
    }

    private static double? ReadRate(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= 1e9
            ? rate
            : throw new FormatException("must be a number of requests per second");

    private static double ReadScale(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var scale)
            && scale is >= ScaleLeast and <= ScaleMost
            ? scale
            : throw new FormatException("must be a factor from 0.1 to 1000");

    private static int? ReadPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= IPEndPoint.MaxPort
            ? port
            : throw new FormatException($"must be a port from 1 to {IPEndPoint.MaxPort}");
}

/// <summary>The options that every run of the lab has.</summary>
internal sealed class LabRunOptions
{
    public Setting<IReadOnlyList<string>> Schedulers { get; } = OptionBuilder.ManyHere(
        "--scheduler", "NAME[,PARAMETER=VALUE...]", "Compare these; may be repeated", LabCommandLine.SchedulerName);

    public Setting<int?> Seeds { get; } = OptionBuilder.Here<int?>(
        "--seeds", "N", "Run each scheduler under seeds 1 to N; 5 or more for confidence intervals", LabCommandLine.ReadSeeds, null);

    public Setting<string?> Output { get; } = OptionBuilder.Here<string?>(
        "--output", "FILE", "Where the result goes (default: a name with .result.json, here)", OptionBuilder.Text, null, "-o");

    public Setting<string?> Report { get; } = OptionBuilder.Here<string?>(
        "--report", "FILE.html", "Where the report goes (default: a name with .html, here)", OptionBuilder.Text, null);

    public Setting<bool> Open { get; } = OptionBuilder.FlagHere("--open", "Open the report in a browser, where there is a desktop");

    public void AddSchedulers(Command command)
    {
        command.Add(Schedulers);
        command.Add(Seeds);
    }

    public void AddOutput(Command command)
    {
        command.Add(Output);
        command.Add(Report);
        command.Add(Open);
    }
}
