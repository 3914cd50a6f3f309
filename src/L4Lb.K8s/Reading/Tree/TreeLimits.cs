namespace L4Lb.K8s.Reading.Tree;

/// <summary>Bounds on what is read, so that no input can take the process down.</summary>
internal static class TreeLimits
{
    /// <summary>
    /// Levels of nesting. The deepest field of the kinds that are read is at about 12; a ConfigMap or a CRD that is
    /// only passed over may go deeper, but not to this.
    /// </summary>
    public const int MaxDepth = 100;

    /// <summary>
    /// Values that aliases may add to a document. A page of anchored labels uses hundreds; ten nested levels of ten
    /// aliases ("billion laughs") would make 10^10.
    /// </summary>
    public const int MaxAliasedNodes = 100_000;

    /// <summary>
    /// UTF-16 characters of one document: a List of 10,000 slices of a hundred endpoints still fits, and the tree of a
    /// document of this size takes about 1 GiB.
    /// </summary>
    public const int MaxDocumentLength = 64 * 1024 * 1024;

    /// <summary>Bytes of one file, or of standard input.</summary>
    public const int MaxFileBytes = 256 * 1024 * 1024;
}
