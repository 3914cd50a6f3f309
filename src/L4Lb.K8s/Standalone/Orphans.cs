using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Standalone;

/// <summary>Finds endpoints that belong to no Service, which is most often a misspelt name.</summary>
internal static class Orphans
{
    /// <summary>A warning for each of them, in the order of their names.</summary>
    public static List<Diagnostic> Find(IEnumerable<ServiceObjects> all)
    {
        var warnings = new List<Diagnostic>();
        foreach (var orphan in all.Where(static o => o.Services.Count == 0).OrderBy(static o => o.Name))
        {
            foreach (var slice in orphan.Slices)
            {
                if (orphan.Name.Name.Length == 0)
                {
                    warnings.Warn(
                        slice, "metadata.labels",
                        $"not used: no label {EndpointSlice.ServiceNameLabel} says which Service it belongs to");
                }
                else
                {
                    warnings.Warn(
                        slice, $"metadata.labels[{EndpointSlice.ServiceNameLabel}]",
                        $"not used: there is no Service {orphan.Name}");
                }
            }

            if (orphan.Endpoints is { } endpoints)
            {
                warnings.Warn(endpoints, "metadata.name", $"not used: there is no Service {orphan.Name}");
            }
        }

        return warnings;
    }
}
