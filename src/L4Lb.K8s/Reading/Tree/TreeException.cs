namespace L4Lb.K8s.Reading.Tree;

/// <summary>The text cannot be read as YAML or JSON; caught where the document is parsed and made a diagnostic there.</summary>
internal sealed class TreeException(int line, string reason) : Exception(reason)
{
    /// <summary>Line counted from the document's first, 0.</summary>
    public int Line { get; } = line;
}
