using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Discovery;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Standalone;

/// <summary>What was planned for one Service, kept until something about it changes.</summary>
internal sealed class ServicePlan(ServiceObjects objects)
{
    private static readonly List<Diagnostic> s_none = [];

    private Service? _allocated;
    private IReadOnlyList<Diagnostic> _allocationProblems = s_none;
    private Diagnostic? _addressWarning;
    private List<Diagnostic> _translation = s_none;

    /// <summary>The objects of the Service.</summary>
    public ServiceObjects Objects { get; } = objects;

    /// <summary>The Service with all that it was given.</summary>
    public Service Service { get; private set; } = objects.Services[0];

    /// <summary>Whether the plan is older than what it was made of.</summary>
    public bool IsStale { get; set; } = true;

    /// <summary>Whether some of its endpoints are names.</summary>
    public bool HasNames { get; private set; }

    /// <summary>The Service as clients find it.</summary>
    public DiscoveredService Discovered { get; private set; } = new(objects.Services[0], []);

    /// <summary>What to ask of the data plane.</summary>
    public KeptSpecs Specs { get; } = new();

    /// <summary>Takes the outcome of the allocation.</summary>
    public void Allocate(Service allocated, IReadOnlyList<Diagnostic> problems, Diagnostic? addressWarning)
    {
        IsStale |= !ReferenceEquals(_allocated, allocated) && allocated != _allocated;
        IsStale |= problems.Count > 0 != _allocationProblems.Count > 0;
        _allocated = allocated;
        _allocationProblems = problems;
        _addressWarning = addressWarning;
    }

    /// <summary>Plans again. Returns whether the Service wants other addresses than before.</summary>
    public bool Refresh(PlanContext context)
    {
        IsStale = false;
        _translation = [];
        HasNames = Objects.Slices.Any(static s => s.AddressType == "FQDN");
        var allocated = _allocated!;
        var annotations = ServiceAnnotations.Parse(allocated, context.Annotations, _translation);

        // Equal Services may still have been read from different lines.
        Service = ReferenceEquals(Service.Source, allocated.Source) ? Keep(Service, allocated) : allocated;

        var sources = Sources(context);
        Discovered = new(Service, EndpointDirectory.List(Service, sources, context.Endpoints));
        return Specs.Want(Service, Translate(annotations, sources, context));
    }

    /// <summary>Adds everything that is to be said about the Service.</summary>
    public void Report(List<Diagnostic> diagnostics)
    {
        if (_addressWarning is { } warning)
        {
            diagnostics.Add(warning);
        }

        if (_allocationProblems.Count + _translation.Count + Specs.Conflicts.Count > 0)
        {
            diagnostics.AddRange(_allocationProblems);
            diagnostics.AddRange(_translation);
            diagnostics.AddRange(Specs.Conflicts);
        }
    }

    private EndpointSources Sources(PlanContext context)
    {
        var pods = Objects.Slices.Count == 0 && Objects.Endpoints is null ? context.Pods.Select(Service) : [];
        return new(Objects.Slices, Objects.Endpoints, pods);
    }

    private ServiceSpec[] Translate(ServiceAnnotations annotations, EndpointSources sources, PlanContext context)
    {
        if (_allocationProblems.Count > 0 || !ServiceTranslator.IsProxied(Service, _translation))
        {
            return [];
        }

        var endpoints = EndpointResolver.Resolve(Service, sources, context.Endpoints, _translation);
        if (sources.Slices.Count == 0 && sources.Endpoints is null && sources.Pods.Count == 0)
        {
            _translation.Warn(
                Service, Service.Selector.Count > 0 ? "spec.selector" : "spec",
                $"nobody to forward to: no EndpointSlice with label {EndpointSlice.ServiceNameLabel}: "
                + $"{Service.Metadata.Name}, no Endpoints of that name"
                + (Service.Selector.Count > 0 ? ", and the selector matches no Pod" : ", and no selector"));
        }

        return [.. ServiceTranslator.Translate(Service, annotations, endpoints, context.Translation, _translation)];
    }

    private static T Keep<T>(T before, T after)
        where T : class => before.Equals(after) ? before : after;
}

/// <summary>What every Service's plan depends on.</summary>
internal sealed record PlanContext(
    PodIndex Pods, EndpointContext Endpoints, TranslationOptions Translation, AnnotationOptions Annotations);
