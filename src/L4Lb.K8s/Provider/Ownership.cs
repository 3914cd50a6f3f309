using L4Lb.K8s.Annotations;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Which Services are ours. All implementations share one cleanup finalizer, and a Service that is none of a load balancer any
/// more has no class either: so whoever takes one writes an annotation of its own together with the finalizer, and cleans up
/// after itself alone. Clients that replace a Service as a whole lose annotations that they do not know, but cannot reach its
/// status: so the condition there, which is nobody else's, stands for the mark where that is missing.
/// </summary>
internal sealed class Ownership(ProviderOptions options)
{
    /// <summary>Keeps a Service in place until its load balancer is gone (KEP-980).</summary>
    public const string CleanupFinalizer = "service.kubernetes.io/load-balancer-cleanup";

    /// <summary>Whether a Service is to have a load balancer of us.</summary>
    public bool Wants(Service service) =>
        IsLoadBalancer(service) && IsInScope(service)
        && (service.LoadBalancerClass is { } @class ? @class == options.LoadBalancerClass : options.HandleUnclassed);

    /// <summary>Whether we took a Service, or began to.</summary>
    public bool IsOurs(Service service) =>
        IsInScope(service) && (MarkOf(service) is { } mark ? mark == options.LoadBalancerClass : HasLostOurMark(service));

    /// <summary>Whether a Service carries our mark itself.</summary>
    public bool IsMarked(Service service) => MarkOf(service) == options.LoadBalancerClass;

    /// <summary>Whether nothing is missing for a Service to be ours.</summary>
    public bool IsTaken(Service service) => IsMarked(service) && HasFinalizer(service);

    /// <summary>Whether a Service is nobody's load balancer any more, and nothing says whose it was.</summary>
    public static bool IsNobodys(Service service) => !IsLoadBalancer(service) && MarkOf(service) is null;

    /// <summary>Whether a Service was ours and is to be let go.</summary>
    public bool MustLeave(Service service) => IsOurs(service) && !Wants(service);

    /// <summary>Whether a Service is of any interest.</summary>
    public bool Concerns(Service service) => Wants(service) || IsOurs(service);

    private static bool IsLoadBalancer(Service service) =>
        service.Type == "LoadBalancer" && service.Metadata.DeletionTimestamp is null;

    private static bool HasFinalizer(Service service) => service.Metadata.Finalizers.Contains(CleanupFinalizer);

    private static string? MarkOf(Service service) => service.Metadata.Annotations.GetValueOrDefault(AnnotationNames.Provider);

    // The condition does not tell classes apart: what is somebody's load balancer is theirs, the rest may be cleaned up by anybody.
    private bool HasLostOurMark(Service service) =>
        ServiceStatus.Of(service).Assigned is not null
        && (IsLoadBalancer(service)
            ? Wants(service)
            : service.LoadBalancerClass is null || service.LoadBalancerClass == options.LoadBalancerClass);

    private bool IsInScope(Service service) => options.Namespace is null || service.Metadata.Namespace == options.Namespace;
}
