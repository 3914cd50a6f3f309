using System.CommandLine;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Running;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb run</c> and what they mean together.</summary>
internal sealed class RunCommandLine
{
    private const int MaxShards = 1024;

    private readonly ManifestOptions _manifests;
    private readonly DirectOptions _direct;
    private readonly ClusterOptions _cluster;
    private readonly PlanningOptions _planning;
    private readonly AdminOptions _admin;
    private readonly AddressOptions _addresses;
    private readonly DnsOptions _dns;
    private readonly MetricsOptions _metrics;
    private readonly AccessLogOptions _accessLog;
    private readonly LogOptions _log;

    private readonly Setting<bool> _watch = OptionBuilder.Flag("--watch", "Reload when a file changes; SIGHUP always does");

    private readonly Setting<int> _shards = OptionBuilder.Single(
        "--shards", "N", "Threads that forward (default: one per core)", ReadShards, new LoadBalancerOptions().Shards);

    private readonly Setting<int> _maxFlows = OptionBuilder.Single(
        "--max-flows", "N", "Most UDP flows at a time (default: half of the descriptors)", ReadFlows, new LoadBalancerOptions().MaxFlows);

    private readonly Setting<Offload> _udpOffload = OptionBuilder.Single(
        "--udp-offload", "on|off", "Whether datagrams of one size in a row cross the kernel as one (GRO, GSO; default on)",
        WordText.Reader(("on", Offload.On), ("off", Offload.Off)), Offload.On);

    private readonly Setting<string?> _stateDir = OptionBuilder.Single<string?>(
        "--state-dir", "DIR", "Folder where allocations and affinity survive restarts", OptionBuilder.Text, null);

    private readonly Setting<TimeSpan> _drainTimeout = OptionBuilder.Single(
        "--drain-timeout", "DURATION", "Time that open sessions have to finish at the end (default 30s)", DurationText.Read, TimeoutSpec.Default.Drain);

    private RunCommandLine(Command command)
    {
        _manifests = new ManifestOptions(command, required: false);
        command.Add(_watch);
        _direct = new DirectOptions(command);
        _cluster = new ClusterOptions(command);
        _admin = new AdminOptions(command);
        command.Add(_shards);
        command.Add(_maxFlows);
        command.Add(_udpOffload);
        command.Add(_stateDir);
        _planning = new PlanningOptions(command);
        _addresses = new AddressOptions(command);
        _dns = new DnsOptions(command);
        command.Add(_drainTimeout);
        _accessLog = new AccessLogOptions(command);
        _metrics = new MetricsOptions(command);
        _log = new LogOptions(command);
    }

    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<RunSettings> run)
    {
        var command = new Command("run", "Serve the Services of files or of a cluster, or one given by --listen and --backend");
        var options = new RunCommandLine(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var problems = new List<string>();
            var settings = options.Read(parsed, problems);
            return problems.Count == 0
                ? run(settings, context, cancellationToken)
                : Task.FromResult(UsageError.Write(context, command, problems));
        });
        return command;
    }

    private RunSettings Read(ParseResult parsed, List<string> problems)
    {
        var manifests = _manifests.Read(parsed);
        var watch = _watch.In(parsed);
        if (watch && manifests.Paths.All(p => p == "-"))
        {
            problems.Add("--watch needs a file or folder given by --filename");
        }

        var stateDirectory = _stateDir.In(parsed);
        var drainTimeout = _drainTimeout.In(parsed);
        var standalone = _planning.Read(parsed, problems) with { StateDirectory = stateDirectory };
        var cluster = _cluster.Read(parsed, standalone, _planning.Serve(parsed), problems);
        if (cluster is not null)
        {
            _planning.RefuseWithCluster(parsed, problems);
            if (manifests.Paths.Count > 0)
            {
                problems.Add("either --kubernetes or --filename, not both");
            }
        }

        var instead = cluster is not null ? "--kubernetes" : manifests.Paths.Count > 0 ? "--filename" : null;
        return new RunSettings
        {
            Manifests = manifests,
            Cluster = cluster,
            Watch = watch,
            Direct = _direct.Read(parsed, drainTimeout, standalone.ExecProbes, instead, problems),
            Standalone = standalone,
            Admin = _admin.Read(parsed, problems),
            Dns = _dns.Read(parsed, standalone.ServiceCidrs, manifests.Paths.Count > 0, problems),
            Metrics = _metrics.Read(parsed),
            Shards = _shards.In(parsed),
            MaxFlows = _maxFlows.In(parsed),
            UdpOffload = _udpOffload.In(parsed) == Offload.On,
            Addresses = _addresses.Read(parsed, problems),
            DrainTimeout = drainTimeout,
            AccessLog = _accessLog.Read(parsed, problems),
            Log = _log.Read(parsed),
        };
    }

    private static int ReadShards(string text) => int.TryParse(text, out var count) && count is >= 1 and <= MaxShards
        ? count
        : throw new FormatException($"must be 1…{MaxShards}");

    private static int ReadFlows(string text) => int.TryParse(text, out var count) && count >= 1
        ? count
        : throw new FormatException("must be a number of at least 1");

    /// <summary>No Boolean: of those the parser takes no word but its own.</summary>
    private enum Offload
    {
        On,
        Off,
    }
}
