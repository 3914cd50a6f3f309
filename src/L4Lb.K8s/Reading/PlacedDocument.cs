using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Reading;

/// <summary>A document at its place in a file.</summary>
internal sealed class PlacedDocument(ParsedDocument parsed, string file, int line)
{
    /// <summary>The document.</summary>
    public ParsedDocument Parsed { get; } = parsed;

    /// <summary>The line of the file on which it begins, one-based.</summary>
    public int Line { get; } = line;

    /// <summary>Its objects.</summary>
    public KubeObject[] Objects { get; } = parsed.PlaceObjects(file, line);

    /// <summary>Its errors and warnings.</summary>
    public Diagnostic[] Diagnostics { get; } = parsed.PlaceDiagnostics(file, line);
}
