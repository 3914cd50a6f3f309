namespace L4Lb.K8s.Diagnostics;

/// <summary>One message about one place of the input.</summary>
/// <param name="Severity">Whether the input is refused for it.</param>
/// <param name="File">File as the user named it; <c>-</c> for standard input; empty when there is none.</param>
/// <param name="Line">One-based line; 0 when there is none.</param>
/// <param name="Path">Field path, as <c>spec.ports[0].port</c>; empty when the whole file is meant.</param>
/// <param name="Message">What is wrong, in the API server's words where it has some.</param>
public sealed record Diagnostic(Severity Severity, string File, int Line, string Path, string Message)
{
    /// <summary><c>file:line: field.path: message</c>, leaving out what is not there; warnings say so.</summary>
    public override string ToString()
    {
        var place = File.Length == 0 ? "" : Line > 0 ? $"{File}:{Line}: " : $"{File}: ";
        var path = Path.Length == 0 ? "" : $"{Path}: ";
        return $"{place}{(Severity == Severity.Warning ? "warning: " : "")}{path}{Message}";
    }
}

/// <summary>How much a diagnostic matters.</summary>
public enum Severity
{
    /// <summary>Said, and gone on.</summary>
    Warning,

    /// <summary>The input is refused.</summary>
    Error,
}
