using System.Diagnostics;
using L4Lb.K8s.Cluster;

namespace L4Lb.Host.Running;

/// <summary>
/// The desired state out of a cluster. It has no errors that would forbid it: what is wrong with one Service keeps nothing from
/// the others.
/// </summary>
internal sealed class ClusterStateSource(ClusterSource cluster) : IDesiredStateSource
{
    private volatile ClusterPlan _plan = ClusterPlan.Empty;

    /// <summary>The last plan; any thread.</summary>
    public ClusterPlan Plan => _plan;

    /// <inheritdoc/>
    public LoadResult Load()
    {
        var started = Stopwatch.GetTimestamp();
        var (before, now) = (_plan, cluster.Plan());
        _plan = now;
        return new(now.Desired, now.Diagnostics, Stopwatch.GetElapsedTime(started))
        {
            IsUnchanged = ReferenceEquals(before.Desired, now.Desired),
        };
    }
}
