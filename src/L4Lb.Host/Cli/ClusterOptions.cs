using System.CommandLine;
using System.Net;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Running;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Cli;

/// <summary>The options that are about a cluster.</summary>
internal sealed class ClusterOptions
{
    private const ServeKinds InsideOnly = ServeKinds.ClusterIP | ServeKinds.NodePort;

    private readonly Setting<bool> _kubernetes = OptionBuilder.Flag("--kubernetes", "Serve the Services of a cluster, instead of files");

    private readonly Setting<string?> _kubeconfig = OptionBuilder.Single<string?>(
        "--kubeconfig", "FILE", "How to reach the cluster (default: $KUBECONFIG, else as a pod of it, else ~/.kube/config)", OptionBuilder.Text, null);

    private readonly Setting<string?> _context = OptionBuilder.Single<string?>(
        "--context", "NAME", "Context of the kubeconfig (default: its current one)", OptionBuilder.Text, null);

    private readonly Setting<string?> _proxyName = OptionBuilder.Single<string?>(
        "--service-proxy-name", "NAME",
        "Serve the Services whose label service.kubernetes.io/service-proxy-name is NAME (default: those without the label)",
        OptionBuilder.Text, null);

    private readonly Setting<string> _class = OptionBuilder.Single(
        "--load-balancer-class", "CLASS", $"The spec.loadBalancerClass that this is (default {ProxyOptions.DefaultLoadBalancerClass})",
        OptionBuilder.Text, ProxyOptions.DefaultLoadBalancerClass);

    private readonly Setting<BackendKind> _backends = OptionBuilder.Single(
        "--backends", "endpoints|nodes", "Forward to endpoints themselves, or, from outside, to the nodes' ports (default endpoints)",
        WordText.Reader(("endpoints", BackendKind.Endpoints), ("nodes", BackendKind.Nodes)), BackendKind.Endpoints);

    private readonly Setting<Switch> _provider = OptionBuilder.Single(
        "--provider", "on|off", "Give addresses of AddressPools to Services, while this instance leads (default on)",
        WordText.Reader(("on", Switch.On), ("off", Switch.Off)), Switch.On);

    private readonly Setting<string?> _leaseNamespace = OptionBuilder.Single<string?>(
        "--lease-namespace", "NAME", "Namespace of the Leases (default: that of the credentials)", OptionBuilder.Text, null);

    private readonly Setting<IPEndPoint?> _healthz = OptionBuilder.Single<IPEndPoint?>(
        "--healthz-address", "ADDRESS:PORT", "Offer /healthz and /livez as kube-proxy does, which has 0.0.0.0:10256 (default: nowhere)",
        EndPointText.ReadListening, null);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public ClusterOptions(Command command)
    {
        command.Add(_kubernetes);
        command.Add(_kubeconfig);
        command.Add(_context);
        command.Add(_proxyName);
        command.Add(_class);
        command.Add(_backends);
        command.Add(_provider);
        command.Add(_leaseNamespace);
        command.Add(_healthz);
    }

    /// <summary>What was given, or null when there is no cluster; what does not fit together goes to <paramref name="problems"/>.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="planning">What the options about planning say, with and without a cluster.</param>
    /// <param name="serve">The kinds of address to listen on; null when that was not said.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public ClusterSettings? Read(ParseResult parsed, StandaloneOptions planning, ServeKinds? serve, ICollection<string> problems)
    {
        if (!_kubernetes.In(parsed))
        {
            foreach (var option in (ReadOnlySpan<Option>)
                [_kubeconfig, _context, _proxyName, _class, _backends, _provider, _leaseNamespace, _healthz])
            {
                if (parsed.GetResult(option) is not null)
                {
                    problems.Add($"{option.Name} goes with --kubernetes");
                }
            }

            return null;
        }

        var proxy = new ProxyOptions
        {
            Serve = serve ?? ServeKinds.LoadBalancer,
            NodeName = planning.NodeName,
            Zone = planning.Zone,
            ServiceProxyName = _proxyName.In(parsed),
            LoadBalancerClass = _class.In(parsed),
            Backends = _backends.In(parsed),
            SchedulerProblem = planning.SchedulerProblem,
            ExecProbes = planning.ExecProbes,
        };
        if (proxy.Backends == BackendKind.Nodes && (proxy.Serve & InsideOnly) != 0)
        {
            problems.Add("--backends nodes is for an appliance outside of the cluster: there, --serve takes LoadBalancer and ExternalIPs");
        }

        return new(_kubeconfig.In(parsed), _context.In(parsed), proxy)
        {
            Provider = _provider.In(parsed) == Switch.On,
            LeaseNamespace = _leaseNamespace.In(parsed),
            HealthzAddress = _healthz.In(parsed),
        };
    }

    /// <summary>No Boolean: of those the parser takes no word but its own.</summary>
    private enum Switch
    {
        On,
        Off,
    }
}
