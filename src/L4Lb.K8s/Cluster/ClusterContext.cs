using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Cluster;

/// <summary>What the plan of every Service depends on. Immutable.</summary>
/// <param name="Options">What the controller was told.</param>
/// <param name="Node">Where this appliance stands.</param>
/// <param name="Targets">The nodes that are backends; none when endpoints are.</param>
internal sealed record ClusterContext(ProxyOptions Options, NodeTopology Node, EquatableArray<NodeTarget> Targets)
{
    private readonly AnnotationOptions _annotations = new(Options.SchedulerProblem, Options.ExecProbes);
    private readonly EndpointContext _endpoints = EndpointContext.None with { Node = Node };
    private readonly TranslationOptions _translation = new(Options.Serve, Node);

    private bool UsesNodes => Options.Backends == BackendKind.Nodes;

    /// <summary>
    /// The backends of each port of <paramref name="service"/>. What is not used is said, and keeps nothing else from being used.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<ServiceEndpoint>> Resolve(Service service, ServiceObjects objects, List<Diagnostic> said)
    {
        if (UsesNodes)
        {
            return NodeTargets.Resolve(service, Targets, said);
        }

        var slices = objects.Slices;
        foreach (var slice in slices.Where(static s => s.AddressType == "FQDN"))
        {
            said.Warn(slice, "addressType", "not used: no proxy of a cluster looks names up");
        }

        slices = [.. slices.Where(static s => s.AddressType != "FQDN")];
        var isEmpty = !slices.Any(static s => s.Endpoints.Count > 0) && objects.Endpoints is not { Subsets.Count: > 0 };

        // Endpoints come and go, and with the last one its ports: that is nothing to tell anybody.
        return EndpointResolver.Resolve(service, new(slices, objects.Endpoints, []), _endpoints, isEmpty ? [] : said);
    }

    /// <summary>Translates <paramref name="service"/>; null when something in it, which is said, forbids that.</summary>
    public ServiceSpec[]? Translate(Service service, IReadOnlyList<IReadOnlyList<ServiceEndpoint>> endpoints, List<Diagnostic> said)
    {
        var problems = new List<Diagnostic>();
        ServicePortCheck.Check(service, problems);
        var annotations = ServiceAnnotations.Parse(service, _annotations, problems);
        var specs = HasErrors(problems) ? [] : UsesNodes
            ? ServiceTranslator.Translate(
                NodeTargets.WithoutPolicies(service), NodeTargets.WithHealth(service, annotations), endpoints,
                _translation with { Node = NodeTopology.None }, problems)
            : ServiceTranslator.Translate(service, annotations, endpoints, _translation, problems);
        Validate(service, specs, problems);
        said.AddRange(problems);
        return HasErrors(problems) ? null : [.. specs.Where(static s => s.Listens.Count > 0)];
    }

    /// <summary>What the data plane would refuse for the sake of one Service, it would refuse for all.</summary>
    private void Validate(Service service, IReadOnlyList<ServiceSpec> specs, List<Diagnostic> problems)
    {
        var state = new DesiredState { Services = specs.ToEquatableArray() };
        foreach (var error in DesiredStateValidator.Validate(state, Options.SchedulerProblem))
        {
            problems.Refuse(service, error.Path, error.Message);
        }
    }

    private static bool HasErrors(List<Diagnostic> problems) => problems.Exists(static p => p.Severity == Severity.Error);
}
