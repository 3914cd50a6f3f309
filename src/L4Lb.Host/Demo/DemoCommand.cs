using System.Net;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;
using L4Lb.Host.Dns;
using L4Lb.Host.Journal;
using L4Lb.Host.Logging;
using L4Lb.Host.Running;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Demo;

/// <summary><c>l4lb demo</c>: everything in one process, for a first look.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Shows the demo and returns the exit code.</summary>
    public static async Task<int> RunAsync(DemoSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        using var journal = new EventJournal(TimeProvider.System);
        using var logs = LogFactory.Create(new LogSettings(LogLevel.Warning), journal);
        try
        {
            return await ShowAsync(settings, context, logs, journal, cancellationToken);
        }
        catch (StartFailedException e)
        {
            context.Error.WriteLine($"l4lb: {e.Message}");
            return ExitCode.CannotStart;
        }
    }

    private static async Task<int> ShowAsync(
        DemoSettings settings, CommandContext context, ILoggerFactory logs, EventJournal journal, CancellationToken cancellationToken)
    {
        using var signals = new ProcessSignals(static () => { }, static () => { });
        var ports = DemoPorts.Choose();
        await using var backends = await EchoBackends.StartAsync(ports.Backend, cancellationToken);
        using var manifest = new DemoManifest(ports);
        var status = new InstanceStatus();
        await using var engine = new LoadBalancer(new LoadBalancerOptions { HealthLog = new HealthLog(logs.CreateLogger("L4Lb")) });
        using var telemetry = new TelemetryExport(new MetricsSource(engine, status, new MetricsSettings()), TelemetryVariables.OfProcess());
        var sources = new AdminSources(status, engine, new NoAddressHolder(), journal) { Metrics = telemetry.Scraper };
        await using var admin = await StartAdminAsync(sources, logs, cancellationToken);
        await using var directory = await OpenDirectoryAsync();
        var source = ManifestStateSource.Create(manifest.Source, DemoManifest.Standalone);
        var pipeline = new ConfigurationPipeline(
            source,
            new EngineDataPlane(engine),
            new NoAddressHolder(),
            status);

        engine.Start();
        var loaded = await pipeline.LoadAsync(cancellationToken);
        if (!loaded.IsInForce)
        {
            return PrintErrors(loaded, context.Error);
        }

        StartProblem.ThrowIfNothingListens(engine.GetListeners());
        directory.Publish(source.Plan!.Discovered);
        status.Serving();
        var report = new DemoReport(context.Out);
        report.Services(engine.Desired.Services, manifest.FilePath, admin.Address, directory);
        var results = await SendTrafficAsync(engine.Desired, cancellationToken);
        report.Shares(results, backends.Names);
        await StayAsync(settings.Stay, report, signals, cancellationToken);

        status.Draining();
        await engine.DrainAsync(s_drainTimeout, CancellationToken.None);
        return results.All(r => r.Failures.Count == 0) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>At the usual address, or at any when somebody else is there.</summary>
    private static async Task<AdminServer> StartAdminAsync(
        AdminSources sources, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        try
        {
            return await AdminServer.StartAsync(new AdminSettings(AdminAddress.Default), sources, logs, cancellationToken);
        }
        catch (StartFailedException)
        {
            var anywhere = AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0));
            return await AdminServer.StartAsync(new AdminSettings(anywhere), sources, logs, cancellationToken);
        }
    }

    /// <summary>At a port that needs no privilege, or at any when somebody else has it.</summary>
    private static async Task<ServiceDirectory> OpenDirectoryAsync()
    {
        const int Port = 5300; // Not 5353, which mDNS has on many machines.
        var settings = new DnsSettings(new IPEndPoint(IPAddress.Loopback, Port)) { ServiceCidrs = DemoManifest.Standalone.ServiceCidrs };
        try
        {
            return await ServiceDirectory.OpenAsync(settings, TimeProvider.System);
        }
        catch (StartFailedException)
        {
            return await ServiceDirectory.OpenAsync(settings with { Address = new IPEndPoint(IPAddress.Loopback, 0) }, TimeProvider.System);
        }
    }

    private static async Task<IReadOnlyList<TrafficResult>> SendTrafficAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        var results = new List<TrafficResult>();
        for (var i = 0; i < desired.Services.Count; i++)
        {
            results.Add(await DemoTraffic.SendAsync(desired.Services[i], cancellationToken));
        }

        return results;
    }

    private static async Task StayAsync(
        TimeSpan stay, DemoReport report, ProcessSignals signals, CancellationToken cancellationToken)
    {
        if (stay == Timeout.InfiniteTimeSpan)
        {
            report.Staying();
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(stay);
        await signals.WaitForStopAsync(end.Token);
    }

    private static int PrintErrors(LoadOutcome loaded, TextWriter errors)
    {
        foreach (var error in loaded.Errors)
        {
            errors.WriteLine(error);
        }

        return ExitCode.Failed;
    }
}
