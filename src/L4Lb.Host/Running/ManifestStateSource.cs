using System.Diagnostics;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Running;

/// <summary>The desired state out of files: read, then planned as a cluster would.</summary>
internal sealed class ManifestStateSource(Func<ManifestSet> read, Planner plan) : IDesiredStateSource
{
    /// <summary>A source that reads <paramref name="manifests"/> and plans with <paramref name="standalone"/>.</summary>
    /// <param name="manifests">What to read.</param>
    /// <param name="standalone">How to plan.</param>
    /// <param name="names">Is told which names the endpoints have, and tells their addresses; null resolves none.</param>
    public static ManifestStateSource Create(
        ManifestSourceOptions manifests, StandaloneOptions standalone, FqdnResolver? names = null)
    {
        var controlPlane = new StandaloneControlPlane(standalone);
        return new(new ManifestSource(manifests).Load, names is null ? controlPlane.MakePlan : PlanWithNames);

        Plan PlanWithNames(IReadOnlyList<KubeObject> objects)
        {
            controlPlane.UseNames(names.Answers);
            var planned = controlPlane.MakePlan(objects);
            names.Watch(controlPlane.Names);
            return planned;
        }
    }

    /// <summary>The last plan without errors; null before there was one.</summary>
    public Plan? Plan { get; private set; }

    /// <inheritdoc/>
    public LoadResult Load()
    {
        var started = Stopwatch.GetTimestamp();
        var manifests = read();
        var readTime = Stopwatch.GetElapsedTime(started);
        if (manifests.HasErrors)
        {
            // Not planned: what the unread objects would have said would only show up as further errors.
            return new LoadResult(null, manifests.Diagnostics, readTime);
        }

        var planned = plan(manifests.Objects);
        Plan = planned.HasErrors ? Plan : planned;
        IReadOnlyList<Diagnostic> diagnostics = [.. manifests.Diagnostics, .. planned.Diagnostics];
        return new LoadResult(planned.HasErrors ? null : planned.Desired, diagnostics, readTime);
    }
}

/// <summary>Plans objects for the data plane; <see cref="StandaloneControlPlane.MakePlan"/>.</summary>
internal delegate Plan Planner(IReadOnlyList<KubeObject> objects);
