using System.Collections.Immutable;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Allocation;

/// <summary>What one Service was given, whether it asked for it or not.</summary>
/// <param name="ClusterIPs">Its ClusterIPs, at most one per family.</param>
/// <param name="NodePorts">Its NodePorts by port name (empty for the only port), as the API server carries them over an update.</param>
/// <param name="HealthCheckNodePort">Its health check NodePort, or 0.</param>
internal sealed record ServiceAllocation(
    EquatableArray<string> ClusterIPs, EquatableArray<KeyValuePair<string, int>> NodePorts, int HealthCheckNodePort)
{
    /// <summary>Its load balancer addresses, when a pool gave them.</summary>
    public EquatableArray<string> LoadBalancerIPs { get; init; } = [];

    /// <summary>Nothing.</summary>
    public static ServiceAllocation None { get; } = new([], [], 0);

    /// <summary>What <paramref name="service"/>, allocated, has.</summary>
    public static ServiceAllocation Of(Service service) => new(
        service.Type == "ExternalName" || service.IsHeadless ? [] : service.ClusterIPs,
        service.Type is "NodePort" or "LoadBalancer"
            ? service.Ports.Where(static p => p.NodePort != 0)
                .Select(static p => KeyValuePair.Create(p.Name, p.NodePort)).ToEquatableArray()
            : [],
        service.HealthCheckNodePort);

    /// <summary>The NodePort of the port called <paramref name="name"/>, or 0.</summary>
    public int NodePortOf(string name)
    {
        foreach (var (port, number) in NodePorts)
        {
            if (port == name)
            {
                return number;
            }
        }

        return 0;
    }
}

/// <summary>All allocations, by <c>namespace/name</c>. Immutable, so that a plan that fails forgets its own.</summary>
internal sealed class AllocationBook(ImmutableSortedDictionary<string, ServiceAllocation> services) : IEquatable<AllocationBook>
{
    /// <summary>No allocations.</summary>
    public static AllocationBook Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, ServiceAllocation>(StringComparer.Ordinal));

    /// <summary>The allocations.</summary>
    public ImmutableSortedDictionary<string, ServiceAllocation> Services { get; } = services;

    /// <summary>The allocation of <paramref name="key"/>.</summary>
    public ServiceAllocation Of(string key) => Services.GetValueOrDefault(key, ServiceAllocation.None);

    /// <inheritdoc/>
    public bool Equals(AllocationBook? other) =>
        other is not null && Services.Count == other.Services.Count && Services.SequenceEqual(other.Services);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AllocationBook);

    /// <inheritdoc/>
    public override int GetHashCode() => Services.Count;
}
