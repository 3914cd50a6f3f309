using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Cluster;

/// <summary>What the cluster asks of this instance at one moment. Immutable; parts that did not change are the same instances.</summary>
/// <param name="Desired">The state for the data plane; it can always be put in force, since what cannot was left out.</param>
/// <param name="Problems">What there is to say, by Service; only of those of whom there is something.</param>
/// <param name="HealthChecks">
/// The health check node ports of this node. They are for whoever is the node's proxy to serve.
/// </param>
public sealed record ClusterPlan(
    DesiredState Desired, IReadOnlyList<ServiceProblems> Problems, IReadOnlyList<HealthCheckNodePort> HealthChecks)
{
    /// <summary>A plan of nothing.</summary>
    public static ClusterPlan Empty { get; } = new(new DesiredState(), [], []);

    /// <summary>All that there is to say, Service by Service; the same list until that changes.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; internal init; } = [];

    /// <summary>What there is to say of one Service.</summary>
    public IReadOnlyList<Diagnostic> ProblemsOf(ObjectName service)
    {
        var (low, high) = (0, Problems.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (Problems[middle].Service.CompareTo(service))
            {
                case 0:
                    return Problems[middle].Diagnostics;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return [];
    }
}

/// <summary>What there is to say of one Service.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Diagnostics">
/// Errors: what its objects ask for is not done, the last good version of it goes on. Warnings: what its author should know.
/// </param>
public sealed record ServiceProblems(ObjectName Service, IReadOnlyList<Diagnostic> Diagnostics);
