using System.Collections.Immutable;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Cluster;

/// <summary>
/// One Service of the cluster and what was planned for it, kept until something about it changes. A Service that asks for what
/// is not to be had is planned with what it asked for before: its annotations and source ranges of then, which nobody but us
/// judges, with its addresses, ports and endpoints of now, which must not stand still. One that never was good is not served:
/// half of what its author wrote could be worse than nothing, as a list of denied clients without its misspelt entry. Not
/// thread-safe.
/// </summary>
internal sealed class ClusterService(ObjectName name)
{
    private Wording? _lastGood;
    private List<Diagnostic> _said = [];
    private (IReadOnlyList<Diagnostic> Said, IReadOnlyList<Diagnostic> Conflicts, ServiceProblems? Problems) _reported;

    /// <summary>The objects of the Service; there may be endpoints of a Service that is not there.</summary>
    public ServiceObjects Objects { get; } = new(name);

    /// <summary>What to ask of the data plane.</summary>
    public KeptSpecs Specs { get; } = new();

    /// <summary>Where in the plan the first of <see cref="Specs"/> is; the planner's to know.</summary>
    public int FirstSpec { get; set; }

    /// <summary>What load balancers in front of this node are told; null when they do not ask.</summary>
    public HealthCheckNodePort? HealthCheck { get; private set; }

    /// <summary>What there is to say, or null; the same instance until that changes.</summary>
    public ServiceProblems? Problems
    {
        get
        {
            if (!ReferenceEquals(_reported.Said, _said) || !ReferenceEquals(_reported.Conflicts, Specs.Conflicts))
            {
                IReadOnlyList<Diagnostic> all = [.. _said, .. Specs.Conflicts];
                _reported = (_said, Specs.Conflicts, all.Count > 0 ? new(Objects.Name, all) : null);
            }

            return _reported.Problems;
        }
    }

    /// <summary>Plans again. Returns whether the Service wants other addresses than before.</summary>
    public bool Refresh(ClusterContext context)
    {
        var said = new List<Diagnostic>();
        HealthCheck = null;
        var moved = false;
        try
        {
            moved = Find(context.Options) is { } service ? Plan(service, context, said) : Forget();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Our mistake, over an object that nobody has thought of. It costs this Service its update, and nobody else's.
            said.Refuse(Objects.Services[0], "", $"cannot be planned, and stays as it is: {e.Message}");
        }

        _said = said.SequenceEqual(_said) ? _said : said;
        return moved;
    }

    /// <summary>The Service if there is anything to plan for it.</summary>
    private Service? Find(ProxyOptions options)
    {
        if (Objects.Services.Count == 0 || !ServiceOwnership.IsProxied(Objects.Services[0], options))
        {
            return null;
        }

        var service = ServiceOwnership.Narrow(Objects.Services[0], options);
        return ServiceOwnership.HasWayIn(service, options.Serve)
            || ServiceOwnership.HasHealthCheck(service)
            || ServiceOwnership.IsOurLoadBalancer(service, options) ? service : null;
    }

    private bool Forget()
    {
        _lastGood = null;
        return Specs.Want(null, []);
    }

    private bool Plan(Service service, ClusterContext context, List<Diagnostic> said)
    {
        var endpoints = context.Resolve(service, Objects, said);
        HealthCheck = ServiceOwnership.HealthCheckOf(service, endpoints, context.Node);
        if (context.Translate(service, endpoints, said) is { } specs)
        {
            _lastGood = Wording.Of(service);
            return Specs.Want(service, specs);
        }

        if (_lastGood?.In(service) is not { } before)
        {
            said.Warn(service, "", "not served until that is corrected");
            HealthCheck = HealthCheck is null ? null : HealthCheck with { LocalEndpoints = 0 };
            return Forget();
        }

        said.Warn(service, "", "goes on with its annotations and source ranges of before until that is corrected");

        // Those may not fit the ports of now; then everything stays as it is.
        return context.Translate(before, endpoints, []) is { } old && Specs.Want(before, old);
    }

    /// <summary>What a Service asks for in words of ours, which the API server lets pass as they are.</summary>
    private sealed record Wording(string Uid, ImmutableSortedDictionary<string, string> Annotations, EquatableArray<string> SourceRanges)
    {
        public static Wording Of(Service service) =>
            new(service.Metadata.Uid, service.Metadata.Annotations, service.LoadBalancerSourceRanges);

        /// <summary><paramref name="service"/> in these words; null when it is another of the same name.</summary>
        public Service? In(Service service) => service.Metadata.Uid != Uid ? null : service with
        {
            Metadata = service.Metadata with { Annotations = Annotations },
            LoadBalancerSourceRanges = SourceRanges,
        };
    }
}
