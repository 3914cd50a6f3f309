using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Reading;

/// <summary>Finds objects that are in the input twice: in a cluster the later would overwrite the earlier, unnoticed.</summary>
internal static class DuplicateObjects
{
    /// <summary>Reports every object that has the kind, namespace and name of an earlier one.</summary>
    public static void Report(List<KubeObject> objects, List<Diagnostic> diagnostics)
    {
        var seen = new Dictionary<(string, string, string), KubeObject>(objects.Count);
        foreach (var value in objects)
        {
            var meta = value.Metadata;
            if (meta.Name.Length > 0 && !seen.TryAdd((value.Kind, meta.Namespace, meta.Name), value))
            {
                var first = seen[(value.Kind, meta.Namespace, meta.Name)].Source;
                var name = meta.Namespace.Length == 0 ? meta.Name : meta.Key;
                diagnostics.Add(new(
                    Severity.Error, value.Source.File, value.Source.Line, "metadata.name",
                    $"{value.Kind} {name} is there twice: it is also at {first.File}:{first.Line}"));
            }
        }
    }
}
