using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Cli;

/// <summary>The one service that <c>--listen</c> and <c>--backend</c> describe, in the same objects as a file's.</summary>
internal static class DirectService
{
    /// <summary>A service with every listen and every backend; what nothing was said about is as without annotations.</summary>
    public static DesiredState Describe(
        IReadOnlyList<IPEndPoint> listens, IReadOnlyList<BackendSpec> backends, DirectRules rules) =>
        new()
        {
            Revision = 1,
            Services =
            [
                new ServiceSpec
                {
                    Key = new ServiceKey("default", "direct", "tcp"),
                    Listens = listens.Select(l => new ListenSpec { Address = l }).ToEquatableArray(),
                    Backends = backends.ToEquatableArray(),
                    Scheduler = rules.Scheduler,
                    Affinity = rules.Affinity,
                    Health = ServiceAnnotations.None.Health with { Probe = rules.Probe },
                    Timeouts = TimeoutSpec.Default with { Drain = rules.DrainTimeout },
                },
            ],
        };
}

/// <summary>By which rules the one service is balanced.</summary>
/// <param name="Scheduler">How to choose.</param>
/// <param name="Affinity">Who stays with whom; null for nobody.</param>
/// <param name="Probe">How backends are checked; null for not.</param>
/// <param name="DrainTimeout">Time that sessions have at the end.</param>
internal sealed record DirectRules(SchedulerSpec Scheduler, AffinitySpec? Affinity, ProbeSpec? Probe, TimeSpan DrainTimeout);
