using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Reading;

/// <summary>
/// Reads files, folders and standard input into validated objects. Keeps what it read, so a second load parses only
/// the documents whose text changed. Not thread-safe: one loader uses it.
/// </summary>
public sealed class ManifestSource
{
    private readonly ManifestSourceOptions _options;

    /// <summary>Creates a source; nothing is read yet.</summary>
    public ManifestSource(ManifestSourceOptions options) => _options = options;

    /// <summary>Reads every path again. Never throws for bad input: it is in the diagnostics.</summary>
    public ManifestSet Load() => new([], [.. _options.Paths.Select(p => new Diagnostic(Severity.Error, p, 0, "", "unread"))]);
}

/// <summary>What to read and how strictly.</summary>
/// <param name="Paths">Files, folders (their <c>*.yaml</c>, <c>*.yml</c>, <c>*.json</c>, recursively) or <c>-</c>.</param>
/// <param name="FieldValidation">What to do with fields that the API does not have.</param>
public sealed record ManifestSourceOptions(
    IReadOnlyList<string> Paths, FieldValidation FieldValidation = FieldValidation.Strict);

/// <summary>The values of kubectl's <c>--validate</c>.</summary>
public enum FieldValidation
{
    /// <summary>An unknown or repeated field is an error.</summary>
    Strict,

    /// <summary>It is a warning.</summary>
    Warn,

    /// <summary>It is passed over.</summary>
    Ignore,
}

/// <summary>What was read.</summary>
/// <param name="Objects">Defaulted objects in the order read; an object that did not change since the last load is the same instance.</param>
/// <param name="Diagnostics">Errors and warnings, in the order of the input.</param>
public sealed record ManifestSet(IReadOnlyList<KubeObject> Objects, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether any diagnostic is an error.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}
