using L4Lb.K8s.Annotations;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Which Services are ours. All implementations share one cleanup finalizer, and a Service that is none of a load balancer any
/// more has no class either: so whoever takes one writes an annotation of its own together with the finalizer, and cleans up
/// after itself alone.
/// </summary>
internal sealed class Ownership(ProviderOptions options)
{
    /// <summary>Keeps a Service in place until its load balancer is gone (KEP-980).</summary>
    public const string CleanupFinalizer = "service.kubernetes.io/load-balancer-cleanup";

    /// <summary>Whether a Service is to have a load balancer of us.</summary>
    public bool Wants(Service service) =>
        service.Type == "LoadBalancer" && service.Metadata.DeletionTimestamp is null && IsInScope(service)
        && (service.LoadBalancerClass is { } @class ? @class == options.LoadBalancerClass : options.HandleUnclassed);

    /// <summary>Whether we took a Service, or began to.</summary>
    public bool IsMarked(Service service) =>
        IsInScope(service)
        && service.Metadata.Annotations.GetValueOrDefault(AnnotationNames.Provider) == options.LoadBalancerClass;

    /// <summary>Whether nothing is missing for a Service to be ours.</summary>
    public bool IsTaken(Service service) => IsMarked(service) && service.Metadata.Finalizers.Contains(CleanupFinalizer);

    /// <summary>Whether a Service was ours and is to be let go.</summary>
    public bool MustLeave(Service service) => IsMarked(service) && !Wants(service);

    /// <summary>Whether a Service is of any interest.</summary>
    public bool Concerns(Service service) => Wants(service) || IsMarked(service);

    private bool IsInScope(Service service) => options.Namespace is null || service.Metadata.Namespace == options.Namespace;
}
