using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Running;

/// <summary>The desired state out of files: read, then planned as a cluster would.</summary>
internal sealed class ManifestStateSource(Func<ManifestSet> read, Planner plan) : IDesiredStateSource
{
    /// <summary>A source that reads <paramref name="manifests"/> and plans with <paramref name="standalone"/>.</summary>
    public static ManifestStateSource Create(ManifestSourceOptions manifests, StandaloneOptions standalone) =>
        new(new ManifestSource(manifests).Load, new StandaloneControlPlane(standalone).MakePlan);

    /// <inheritdoc/>
    public LoadResult Load()
    {
        var manifests = read();
        if (manifests.HasErrors)
        {
            // Not planned: what the unread objects would have said would only show up as further errors.
            return new LoadResult(null, manifests.Diagnostics);
        }

        var planned = plan(manifests.Objects);
        IReadOnlyList<Diagnostic> diagnostics = [.. manifests.Diagnostics, .. planned.Diagnostics];
        return new LoadResult(planned.HasErrors ? null : planned.Desired, diagnostics);
    }
}

/// <summary>Plans objects for the data plane; <see cref="StandaloneControlPlane.MakePlan"/>.</summary>
internal delegate Plan Planner(IReadOnlyList<K8s.Objects.KubeObject> objects);
