namespace L4Lb.K8s.Reading.Tree;

/// <summary>
/// A value of a manifest before anyone knows what it means, and the line where it began (the document's first line is 0).
/// </summary>
internal abstract record TreeNode(int Line);

/// <summary>A single value. <paramref name="Text"/> is canonical: what JSON would print, without quotes.</summary>
internal sealed record ScalarNode(int Line, ScalarKind Kind, string Text) : TreeNode(Line);

/// <summary>A list.</summary>
internal sealed record SequenceNode(int Line, List<TreeNode> Items) : TreeNode(Line);

/// <summary>An object. Repeated keys are all there; the last one counts.</summary>
internal sealed record MappingNode(int Line, List<TreeEntry> Entries) : TreeNode(Line)
{
    /// <summary>The value of <paramref name="key"/>; null when it is not there or is null.</summary>
    public TreeNode? Find(string key)
    {
        for (var i = Entries.Count - 1; i >= 0; i--)
        {
            if (Entries[i].Key == key)
            {
                return Entries[i].Value is ScalarNode { Kind: ScalarKind.Null } ? null : Entries[i].Value;
            }
        }

        return null;
    }

    /// <summary>The text of <paramref name="key"/> when it is a string; null otherwise.</summary>
    public string? FindString(string key) => Find(key) is ScalarNode { Kind: ScalarKind.String } s ? s.Text : null;
}

/// <summary>A key and its value.</summary>
internal readonly record struct TreeEntry(string Key, int Line, TreeNode Value);

/// <summary>What a single value is, in JSON's terms.</summary>
internal enum ScalarKind
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>Text.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction.</summary>
    Float,

    /// <summary>true or false.</summary>
    Bool,
}
