using L4Lb.Engine;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Announcing;
using L4Lb.Host.Cli;
using L4Lb.Host.Dns;
using L4Lb.Host.Journal;
using L4Lb.Host.Logging;
using L4Lb.Host.ProxyHealth;
using L4Lb.Host.State;
using L4Lb.Host.Telemetry;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.EndpointSelection;

namespace L4Lb.Host.Running;

/// <summary>One running load balancer, from its start to its end in order.</summary>
internal sealed class Instance(RunSettings settings, ILoggerFactory logs, EventJournal journal, TextWriter errors)
{
    // A change of an endpoint is in force at once when all is quiet. In a cluster that never is, each load takes the changes of a
    // moment together.
    private static readonly TimeSpan s_clusterPause = TimeSpan.FromMilliseconds(10);

    private readonly ILogger _logger = logs.CreateLogger("L4Lb");
    private readonly InstanceStatus _status = new();

    /// <summary>Who started it and is told how it fares.</summary>
    public ServiceManager Manager { get; init; } = ServiceManager.None();

    /// <summary>Serves until a signal or <paramref name="stop"/>; returns the exit code.</summary>
    /// <exception cref="StartFailedException">Something stands in the way of the start.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        // In the order of need, so that the end, in reverse, takes nothing away from what still uses it.
        await using var cluster = settings.Cluster is { } where ? ClusterFollower.Open(where, _logger) : null;
        await using var addresses = OpenAddresses(cluster);
        await using var accessLog = OpenAccessLog();
        await using var engine = new LoadBalancer(new LoadBalancerOptions
        {
            Shards = settings.Shards,
            MaxFlows = settings.MaxFlows,
            UdpOffload = settings.UdpOffload,
            SessionLog = accessLog,
            HealthLog = new HealthLog(_logger),
            ListenersChanged = addresses.Follow,
        });
        await using var affinity = OpenAffinity(engine);
        await using var directory = await OpenDirectoryAsync();
        using var telemetry = OpenTelemetry(engine, addresses, cluster, directory, accessLog);
        var sources = new AdminSources(_status, engine, addresses, journal)
        {
            Metrics = telemetry.Scraper,
            Pools = cluster is null ? static () => PoolsAnswer.None : cluster.Pools,
        };
        await using var admin = await OpenAdminAsync(sources, stop);
        await using var proxy = cluster is null ? null : await NodeProxy.StartAsync(cluster, settings.Cluster!, _logger, stop);
        var dataPlane = new EngineDataPlane(engine);
        var names = new FqdnResolver();
        var source = cluster?.Source ?? OpenSource(names);
        var pipeline = new ConfigurationPipeline(source, dataPlane, addresses, _status);
        var diagnostics = new DiagnosticReporter(_logger);
        var reloader = new Reloader(pipeline, dataPlane, diagnostics, _logger, cluster is null ? null : s_clusterPause);
        using var signals = new ProcessSignals(() => _ = ReloadAsync(reloader, "SIGHUP"), () => accessLog?.Reopen());
        using var watcher = Watch(reloader); // Before the first load, so that no change falls between the two.

        if (cluster is not null)
        {
            cluster.Changed += () => reloader.Request("changed cluster", LogLevel.Debug);
            reloader.Settled += () => proxy!.Settled(cluster.Source.Plan);
            if (!await cluster.SyncAsync(signals.WaitForStopAsync(stop)))
            {
                return ExitCode.Done; // Nothing was ever served.
            }
        }

        reloader.Settled += () => Publish(source, directory);
        engine.Start();
        var remembered = affinity?.Restore() ?? 0; // Before the first load, which opens the listeners.
        var first = await pipeline.LoadAsync(stop);
        if (!first.IsInForce)
        {
            return PrintErrors(first);
        }

        diagnostics.Report(first);
        Publish(source, directory);
        proxy?.Settled(cluster!.Source.Plan);
        var listeners = engine.GetListeners();
        if (cluster is null)
        {
            StartProblem.ThrowIfNothingListens(listeners); // What a cluster asks for may be different in a moment.
        }

        AnnounceStart(engine, listeners);
        affinity?.Report(remembered, engine.AffinityRestored);
        affinity?.Start();
        _status.Serving();

        sources.Reload = reloader.ReloadAsync;
        names.Changed += () => reloader.Request("changed names");
        Manager.Ready(Summary(engine.Desired.Revision));
        using var ending = new CancellationTokenSource();
        var watching = Manager.WatchAsync(engine.RespondAsync, TimeProvider.System, ending.Token);
        var signal = await ReloadUntilStopAsync(reloader, names, signals, stop);

        _status.Draining();
        var atMost = GoDuration.Format(settings.DrainTimeout);
        Manager.Stopping($"draining for at most {atMost}");
        HostLog.Draining(_logger, signal, atMost);
        await addresses.HandOverAsync(); // While everything still serves: who comes next needs a moment.
        await SaveAsync(affinity); // Now already, in case that the drain is not waited for.
        var reset = await engine.DrainAsync(settings.DrainTimeout, CancellationToken.None);
        await ending.CancelAsync();
        await watching;
        await SaveAsync(affinity);
        HostLog.Stopped(_logger, reset);
        return ExitCode.Done;
    }

    private IDesiredStateSource OpenSource(FqdnResolver names) => settings.Direct is { } direct
        ? new FixedStateSource(direct)
        : ManifestStateSource.Create(settings.Manifests, settings.Standalone, names);

    private async Task<ServiceDirectory?> OpenDirectoryAsync()
    {
        if (settings.Dns is not { } dns)
        {
            return null;
        }

        var directory = await ServiceDirectory.OpenAsync(dns, TimeProvider.System);
        HostLog.DnsStarted(_logger, $"{directory.Server.Address}", $"{directory.ClusterDomain}");
        return directory;
    }

    /// <summary>Names follow what is in force: nobody is told of an address before it is served.</summary>
    private static void Publish(IDesiredStateSource source, ServiceDirectory? directory)
    {
        if (directory is not null && source is ManifestStateSource { Plan: { } plan })
        {
            directory.Publish(plan.Discovered);
        }
    }

    private IAddressHolder OpenAddresses(ClusterFollower? cluster)
    {
        var leases = cluster?.Lease(settings.Addresses) ?? new NoLeases();
        var holder = AddressHolders.Open(
            settings.Addresses, settings.Standalone.StateDirectory, settings.DrainTimeout, leases, _logger);
        if (cluster is not null && holder is Announcer announcer)
        {
            announcer.Conflict += conflict => cluster.Events.Warn(
                conflict.Address, "AddressConflict", "Announce",
                $"{conflict.Other} on {conflict.Interface} of {settings.Cluster!.Identity} says that {conflict.Address} is its own");
            if (cluster.Node is { } node)
            {
                node.Changed += () => announcer.AllowNode(node.MayTakeLoad);
            }
        }

        return holder;
    }

    private AffinityKeeper? OpenAffinity(LoadBalancer engine) => settings.Standalone.StateDirectory is { } folder
        ? new AffinityKeeper(folder, new EngineAffinityTables(engine), TimeProvider.System, _logger)
        : null;

    private TelemetryExport OpenTelemetry(
        LoadBalancer engine, IAddressHolder addresses, ClusterFollower? cluster, ServiceDirectory? directory, AccessLog? accessLog)
    {
        var source = new MetricsSource(engine, _status, settings.Metrics)
        {
            Addresses = addresses,
            Provider = cluster?.Provider,
            Waiting = cluster is null ? static () => [] : cluster.Waiting,
            Dns = directory?.Server.Counters,
            AccessLog = accessLog,
        };
        return new TelemetryExport(source, TelemetryVariables.OfProcess());
    }

    private static Task SaveAsync(AffinityKeeper? affinity) => affinity?.SaveAsync() ?? Task.CompletedTask;

    private AccessLog? OpenAccessLog()
    {
        if (settings.AccessLog is not { } accessLog)
        {
            return null;
        }

        try
        {
            var file = new AccessLogFile(accessLog.Path, _logger);
            return new AccessLog(file, accessLog.Format, accessLog.Sample, TimeProvider.System, _logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException($"--access-log {accessLog.Path}: {e.Message}", e);
        }
    }

    private async Task<AdminServer?> OpenAdminAsync(AdminSources sources, CancellationToken stop)
    {
        if (settings.Admin.Address == AdminAddress.None)
        {
            return null;
        }

        var admin = await AdminServer.StartAsync(settings.Admin, sources, logs, stop);
        HostLog.AdminStarted(_logger, admin.Address); // At once: it says what the start is waiting for.
        return admin;
    }

    private ManifestWatcher? Watch(Reloader reloader) => settings.Watch
        ? new ManifestWatcher(settings.Manifests.Paths, TimeProvider.System, _logger, () => reloader.Request("changed files"))
        : null;

    /// <summary>Asks for a reload, and tells who started this process when it begins and when it is over.</summary>
    private async Task ReloadAsync(Reloader reloader, string trigger)
    {
        if (!Manager.Reloading())
        {
            reloader.Request(trigger);
            return;
        }

        try
        {
            var outcome = await reloader.ReloadAsync(trigger, CancellationToken.None);
            Manager.Ready(outcome.IsInForce ? Summary(outcome.Revision) : $"configuration refused; {Summary(outcome.Revision)}");
        }
        catch (InvalidOperationException e)
        {
            Manager.Ready(e.Message); // The log has more.
        }
    }

    private static string Summary(long revision) => $"revision {revision} is in force";

    /// <summary>Reloads whenever something asks for it, until the process is to stop; returns who said so.</summary>
    private static async Task<string> ReloadUntilStopAsync(
        Reloader reloader, FqdnResolver names, ProcessSignals signals, CancellationToken stop)
    {
        using var ending = new CancellationTokenSource();
        var reloading = reloader.RunAsync(ending.Token);
        var resolving = names.RunAsync(ending.Token);
        var signal = await signals.WaitForStopAsync(stop);
        await ending.CancelAsync();
        await reloading;
        await resolving;
        return signal;
    }

    private int PrintErrors(LoadOutcome outcome)
    {
        foreach (var diagnostic in outcome.Diagnostics)
        {
            errors.WriteLine(diagnostic);
        }

        return ExitCode.Failed;
    }

    private void AnnounceStart(LoadBalancer engine, IReadOnlyList<ListenerStatus> listeners)
    {
        var desired = engine.Desired;
        HostLog.Started(_logger, Product.Version, engine.Options.Shards, desired.Revision, desired.Services.Count, listeners.Count);
        if (desired.Services.Count == 0 && settings.Cluster is null)
        {
            HostLog.NothingToServe(_logger);
        }

        HostLog.Summary(_logger, desired.Services, listeners);
    }
}
