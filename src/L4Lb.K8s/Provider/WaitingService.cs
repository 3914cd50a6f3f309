using System.Collections.Immutable;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;

namespace L4Lb.K8s.Provider;

/// <summary>A Service that waits for an address, as its own condition says: every instance sees the same.</summary>
/// <param name="Name">The Service.</param>
/// <param name="Pool">The pool that it asks for by name, whether there is one or not; empty for any.</param>
/// <param name="Reason">Why, one of <see cref="PendingReason"/> or what another version wrote.</param>
/// <param name="Message">Why, in words.</param>
public sealed record WaitingService(ObjectName Name, string Pool, string Reason, string Message)
{
    /// <summary>What <paramref name="service"/> waits for; null when it does not wait.</summary>
    public static WaitingService? Of(Service service) =>
        service.Type == "LoadBalancer" && service.Conditions.FirstOrDefault(
            static c => c is { Type: LeadingProvider.AssignedCondition, Status: "False" }) is { } waits
            ? new(
                service.Metadata.ObjectName,
                AddressRequestReader.Read(service, ImmutableDictionary<string, string>.Empty).Request.Pool,
                waits.Reason,
                waits.Message)
            : null;
}
