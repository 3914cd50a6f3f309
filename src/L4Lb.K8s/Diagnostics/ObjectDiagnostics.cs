using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Diagnostics;

/// <summary>Puts messages about a field of an object on a list, with the place where the field was written.</summary>
internal static class ObjectDiagnostics
{
    /// <summary>Says why <paramref name="about"/> is refused.</summary>
    public static void Refuse(this ICollection<Diagnostic> list, KubeObject about, string path, string message) =>
        list.Add(new(Severity.Error, PlaceOf(about), about.Source.LineOf(path), path, message));

    /// <summary>Says what the author of <paramref name="about"/> should know, and goes on.</summary>
    public static void Warn(this ICollection<Diagnostic> list, KubeObject about, string path, string message) =>
        list.Add(new(Severity.Warning, PlaceOf(about), about.Source.LineOf(path), path, message));

    // What came from an API server has a version and is in no file; there its name says where to look.
    private static string PlaceOf(KubeObject about) =>
        about.Metadata.ResourceVersion.Length > 0 ? $"{about.Kind} {about.Metadata.ObjectName}" : about.Source.File;
}
