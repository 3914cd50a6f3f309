using L4Lb.Engine.Desired;
using L4Lb.Host.Explain;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Cli;

/// <summary>The one service that <c>--listen</c> and <c>--backend</c> describe, in the same objects as a file's.</summary>
internal static class DirectService
{
    /// <summary>
    /// A service with a port for each protocol that is listened for, and every backend in each; what nothing was said
    /// about is as without annotations.
    /// </summary>
    public static DesiredState Describe(IReadOnlyList<Target> listens, IReadOnlyList<BackendSpec> backends, DirectRules rules) => new()
    {
        Revision = 1,
        Services = listens.GroupBy(static l => l.Protocol).OrderBy(static port => port.Key)
            .Select(port => DescribePort(port.Key, port, backends, rules)).ToEquatableArray(),
    };

    private static ServiceSpec DescribePort(
        TransportProtocol protocol, IEnumerable<Target> listens, IReadOnlyList<BackendSpec> backends, DirectRules rules) =>
        new()
        {
            Key = new ServiceKey("default", "direct", protocol.ToString().ToLowerInvariant()),
            Protocol = protocol,
            Listens = listens.Select(static l => new ListenSpec { Address = l.EndPoint }).ToEquatableArray(),
            Backends = backends.ToEquatableArray(),
            Scheduler = rules.Scheduler,
            Affinity = rules.Affinity,
            Health = ServiceAnnotations.None.Health with { Probe = rules.Probe },
            Timeouts = ServiceAnnotations.None.TimeoutsFor(protocol) with { Drain = rules.DrainTimeout },
            Datagrams = protocol == TransportProtocol.Udp ? rules.Datagrams : DatagramSpec.Default,
        };
}

/// <summary>By which rules the one service is balanced.</summary>
/// <param name="Scheduler">How to choose.</param>
/// <param name="Affinity">Who stays with whom; null for nobody.</param>
/// <param name="Probe">How backends are checked; null for not.</param>
/// <param name="Datagrams">What a UDP flow is.</param>
/// <param name="DrainTimeout">Time that sessions have at the end.</param>
internal sealed record DirectRules(
    SchedulerSpec Scheduler, AffinitySpec? Affinity, ProbeSpec? Probe, DatagramSpec Datagrams, TimeSpan DrainTimeout);
