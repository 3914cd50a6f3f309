using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Annotations;

/// <summary>Warns of our own annotations that mean nothing where they stand; a typing error is silent otherwise.</summary>
internal static class ForeignAnnotations
{
    /// <summary>Warns of every annotation of ours on <paramref name="about"/> that is not in <paramref name="known"/>.</summary>
    public static void Warn(KubeObject about, string[] known, ICollection<Diagnostic> diagnostics)
    {
        foreach (var name in about.Metadata.Annotations.Keys)
        {
            // What was exported from a cluster has what the provider wrote.
            if (!name.StartsWith(AnnotationNames.Prefix, StringComparison.Ordinal)
                || name == AnnotationNames.Provider || Array.IndexOf(known, name) >= 0)
            {
                continue;
            }

            // Compared without the prefix, which would make everything look alike.
            var nearest = NearestName.Of(
                name[AnnotationNames.Prefix.Length..], known.Select(static n => n[AnnotationNames.Prefix.Length..]));
            var hint = nearest is null
                ? $"a {about.Kind} may have: {string.Join(", ", known)}"
                : $"did you mean {AnnotationNames.Prefix}{nearest}?";
            diagnostics.Warn(about, AnnotationNames.PathOf(name), $"unknown annotation, ignored; {hint}");
        }
    }
}
