using L4Lb.Engine.Desired;
using L4Lb.Host.Dns;
using Spectre.Console;

namespace L4Lb.Host.Demo;

/// <summary>What the demo shows.</summary>
internal sealed class DemoReport
{
    /// <summary>Wide enough for its tables, also where there is no terminal to ask.</summary>
    private const int Columns = 110;

    private readonly IAnsiConsole _console;

    /// <summary>A report that goes to <paramref name="output"/>.</summary>
    public DemoReport(TextWriter output)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        _console.Profile.Width = Math.Max(_console.Profile.Width, Columns);
    }

    /// <summary>Where to look.</summary>
    public void Services(IReadOnlyList<ServiceSpec> services, string manifest, string admin, ServiceDirectory names)
    {
        var table = new Table().AddColumns("service", "scheduler", "affinity", "backends", "try it");
        foreach (var service in services)
        {
            table.AddRow(
                service.Key.ToString(),
                service.Scheduler.Name,
                service.Affinity is null ? "" : "ClientIP",
                $"{service.Backends.Count}",
                service.Protocol == TransportProtocol.Udp
                    ? $"echo hi | nc -u -w1 {service.Listens[0].Address.Address} {service.Listens[0].Address.Port}"
                    : $"curl http://{service.Listens[0].Address}/");
        }

        _console.Write(table);
        _console.WriteLine($"Manifest   {manifest}");
        _console.WriteLine($"Dashboard  {admin}/");
        _console.WriteLine($"Admin API  {admin}/readyz");
        if (services.Count > 0)
        {
            var (key, at) = (services[0].Key, names.Server.Address);
            _console.WriteLine($"DNS        dig @{at.Address} -p {at.Port} {key.Name}.{key.Namespace}.svc.{names.ClusterDomain}");
        }

        _console.WriteLine();
    }

    /// <summary>Who answered.</summary>
    public void Shares(IReadOnlyList<TrafficResult> results, IEnumerable<string> backends)
    {
        string[] names = [.. backends];
        _console.WriteLine($"{DemoTraffic.Requests} requests to each service, from three clients; answers by backend:");
        var table = new Table().AddColumn("service");
        foreach (var name in names.Append("failed"))
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var result in results)
        {
            var counts = names.Select(n => result.Answers.GetValueOrDefault(n)).Append(result.Failures.Count);
            table.AddRow([result.Service, .. counts.Select(c => c == 0 ? "" : $"{c}")]);
        }

        _console.Write(table);
        foreach (var failure in results.SelectMany(r => r.Failures).Distinct(StringComparer.Ordinal))
        {
            _console.WriteLine($"failed: {failure}");
        }
    }

    /// <summary>How to end it.</summary>
    public void Staying() => _console.WriteLine("Serving until Ctrl-C.");
}
