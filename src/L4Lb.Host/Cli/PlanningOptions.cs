using System.CommandLine;
using System.Net;
using L4Lb.Engine.Scheduling;
using L4Lb.Host.Cli.Values;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Cli;

/// <summary>The options that a cluster's control plane would know the answers to.</summary>
internal sealed class PlanningOptions
{
    private static readonly StandaloneOptions s_defaults = new();

    private readonly Setting<IReadOnlyList<IReadOnlyList<IPNetwork>>> _serviceCidr = OptionBuilder.Many(
        "--service-cidr", "CIDR", "Range of ClusterIPs, one per family (default 10.96.0.0/16)", NetworkText.Read);

    private readonly Setting<(int First, int Last)> _nodePortRange = OptionBuilder.Single(
        "--node-port-range", "FIRST-LAST", "Range of NodePorts (default 30000-32767)", PortRangeText.Read, s_defaults.NodePortRange);

    private readonly Setting<string?> _nodeName = OptionBuilder.Single<string?>(
        "--node-name", "NAME", "Name of this node, for the Local policies and for hints", OptionBuilder.Text, null);

    private readonly Setting<string?> _zone = OptionBuilder.Single<string?>(
        "--zone", "NAME", "Zone of this node, for hints (default: as its Node object says)", OptionBuilder.Text, null);

    private readonly Setting<IReadOnlyList<ServeKinds>> _serve = OptionBuilder.Many(
        "--serve", "KIND", "Kinds of address to listen on: ClusterIP, NodePort, LoadBalancer, ExternalIPs (default all; with --kubernetes LoadBalancer)", ServeKindsText.Read);

    private readonly Setting<string?> _execProbes = OptionBuilder.Single<string?>(
        "--exec-probes", "DIR", "Allow health checks to run the programs that lie directly in DIR (default: none)", ReadFolder, null);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public PlanningOptions(Command command)
    {
        command.Add(_serviceCidr);
        command.Add(_nodePortRange);
        command.Add(_nodeName);
        command.Add(_zone);
        command.Add(_serve);
        command.Add(_execProbes);
    }

    /// <summary>What was given; what does not fit together goes to <paramref name="problems"/>.</summary>
    public StandaloneOptions Read(ParseResult parsed, ICollection<string> problems)
    {
        var cidrs = _serviceCidr.In(parsed).SelectMany(c => c).ToList();
        if (cidrs.CountBy(c => c.BaseAddress.AddressFamily).Any(family => family.Value > 1))
        {
            problems.Add("--service-cidr: at most one range per address family");
        }

        return new StandaloneOptions
        {
            ServiceCidrs = cidrs.Count > 0 ? cidrs : s_defaults.ServiceCidrs,
            NodePortRange = _nodePortRange.In(parsed),
            NodeName = _nodeName.In(parsed),
            Zone = _zone.In(parsed),
            Serve = Serve(parsed) ?? s_defaults.Serve,
            SchedulerProblem = SchedulerCatalog.Validate,
            ExecProbes = _execProbes.In(parsed),
        };
    }

    /// <summary>The kinds of address to listen on; null when that was not said.</summary>
    public ServeKinds? Serve(ParseResult parsed) =>
        _serve.In(parsed) is { Count: > 0 } kinds ? kinds.Aggregate((a, b) => a | b) : null;

    /// <summary>Adds to <paramref name="problems"/> what was given although a cluster decides it.</summary>
    public void RefuseWithCluster(ParseResult parsed, ICollection<string> problems)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_serviceCidr, _nodePortRange])
        {
            if (parsed.GetResult(option) is not null)
            {
                problems.Add($"{option.Name} does not go with --kubernetes: the cluster gives these out itself");
            }
        }
    }

    // Absolute, since a check must not depend on where the program was started.
    private static string ReadFolder(string text) => Path.GetFullPath(OptionBuilder.Text(text));
}
