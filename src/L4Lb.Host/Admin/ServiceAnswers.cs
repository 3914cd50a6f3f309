using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Explain;

namespace L4Lb.Host.Admin;

/// <summary>A list of the admin API: in an object, so that more can be said of it later.</summary>
/// <param name="Items">What there is, in the order of the configuration.</param>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items);

/// <summary>One service port in <c>/api/v1/services</c>.</summary>
/// <param name="Namespace">Namespace of the Service.</param>
/// <param name="Name">Name of the Service.</param>
/// <param name="Port">Port name, or <c>80/tcp</c>-like when it has none.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Scheduler">Scheduler by its catalog name.</param>
/// <param name="Listens">Addresses and ports that it is to be reached at.</param>
/// <param name="Backends">Number of backends.</param>
/// <param name="BackendsUsable">Number of those that get new sessions.</param>
/// <param name="Active">Sessions now.</param>
/// <param name="Total">Sessions ever.</param>
/// <param name="Waiting">Sessions that wait for room now.</param>
/// <param name="Closed">Sessions that are over, by reason; reasons that never were are left out.</param>
/// <param name="ConnectAttempts">Connects started.</param>
/// <param name="ConnectFailures">Connects that failed.</param>
/// <param name="Retries">Connects that were not their session's first.</param>
/// <param name="Traffic">What was relayed.</param>
/// <param name="ConnectTime">How long connects took.</param>
/// <param name="Affinity">Its affinity table; null without affinity.</param>
/// <param name="Sources">Client addresses, when they are limited; null when not.</param>
internal sealed record ServiceAnswer(
    string Namespace, string Name, string Port, string Protocol, string Scheduler, IReadOnlyList<string> Listens, int Backends,
    int BackendsUsable, int Active, long Total, int Waiting, IReadOnlyDictionary<string, long> Closed, long ConnectAttempts,
    long ConnectFailures, long Retries, TrafficAnswer Traffic, DurationAnswer ConnectTime, AffinityStatus? Affinity, SourceStatus? Sources)
{
    /// <summary>What is known of <paramref name="status"/>.</summary>
    public static ServiceAnswer Of(ServiceStatus status)
    {
        var (key, spec, sessions) = (status.Spec.Key, status.Spec, status.Sessions);
        return new ServiceAnswer(
            key.Namespace, key.Name, key.Port, spec.Protocol.ToString().ToLowerInvariant(), spec.Scheduler.Name,
            [.. spec.Listens.Select(static listen => listen.Address.ToString())],
            status.Backends.Count, status.Backends.Count(static b => b.EffectiveWeight > 0),
            status.Active, status.Total, status.Waiting, CloseNames.Of(sessions.Closed),
            sessions.ConnectAttempts, sessions.ConnectFailures, sessions.Retries, TrafficAnswer.Of(sessions.Traffic),
            DurationAnswer.Of(sessions.ConnectTimes), status.Affinity, status.Sources);
    }
}

/// <summary>One backend of one service port in <c>/api/v1/backends</c>.</summary>
/// <param name="Namespace">Namespace of the Service.</param>
/// <param name="Service">Name of the Service.</param>
/// <param name="Port">Port name, or <c>80/tcp</c>-like when it has none.</param>
/// <param name="Address">Address and port of the backend.</param>
/// <param name="Weight">Desired weight.</param>
/// <param name="WeightOverride">Weight that an operator set; null for none.</param>
/// <param name="Drained">An operator keeps new sessions from it.</param>
/// <param name="EffectiveWeight">Weight that it has now; 0 gets no new sessions.</param>
/// <param name="NotEligible">Why the configuration gives it no sessions, as that it is not ready; null where it may get some.</param>
/// <param name="Health"><c>unchecked</c>, <c>up</c>, <c>down</c>, <c>ejected</c> or <c>maintenance</c>.</param>
/// <param name="HealthReason">Why, in words; null when there is nothing to say.</param>
/// <param name="HealthSince">Since when, UTC; null when it never changed.</param>
/// <param name="Checks">Checks done.</param>
/// <param name="ChecksFailed">Checks that failed.</param>
/// <param name="Active">Sessions now.</param>
/// <param name="Total">Sessions ever.</param>
/// <param name="ConnectFailures">Connects that failed.</param>
/// <param name="Traffic">What was relayed.</param>
internal sealed record BackendAnswer(
    string Namespace, string Service, string Port, string Address, int Weight, int? WeightOverride, bool Drained, double EffectiveWeight,
    string? NotEligible, string Health, string? HealthReason, DateTime? HealthSince, long Checks, long ChecksFailed, int Active, long Total,
    long ConnectFailures, TrafficAnswer Traffic)
{
    /// <summary>What is known of every backend of <paramref name="service"/>.</summary>
    public static IEnumerable<BackendAnswer> AllOf(ServiceStatus service) =>
        service.Backends.Select(backend => Of(service.Spec.Key, backend));

    /// <summary>What is known of a backend of a service port.</summary>
    public static BackendAnswer Of(ServiceKey key, BackendStatus backend) => new(
        key.Namespace, key.Name, key.Port, backend.Spec.Address.ToString(), backend.Spec.Weight, backend.WeightOverride,
        backend.IsDrained, backend.EffectiveWeight, EligibilityWords.WhyNot(backend.Spec),
        backend.Health.State.ToString().ToLowerInvariant(), backend.Health.Reason,
        backend.Health.SinceUtc == default ? null : backend.Health.SinceUtc, backend.Health.Checks,
        backend.Health.ChecksFailed, backend.Active, backend.Total, backend.ConnectFailures, TrafficAnswer.Of(backend.Traffic));
}

/// <summary>The body of <c>PUT …/weight</c>.</summary>
/// <param name="Weight">Weight from now on; null lifts what was set.</param>
internal sealed record WeightRequest([property: System.Text.Json.Serialization.JsonRequired] int? Weight);
