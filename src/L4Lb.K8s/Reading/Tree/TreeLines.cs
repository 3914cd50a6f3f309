namespace L4Lb.K8s.Reading.Tree;

/// <summary>Finds the line of every field path below a node.</summary>
internal static class TreeLines
{
    /// <summary>Line of each path, as <c>spec.ports[0].port</c>, counted from the document's line 0.</summary>
    public static Dictionary<string, int> Of(TreeNode node)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        Add(lines, "", node);
        return lines;
    }

    private static void Add(Dictionary<string, int> lines, string path, TreeNode node)
    {
        switch (node)
        {
            case MappingNode mapping:
                foreach (var (key, line, value) in mapping.Entries)
                {
                    var child = path.Length == 0 ? key : $"{path}.{key}";
                    lines[child] = line;
                    Add(lines, child, value);
                }

                break;
            case SequenceNode sequence:
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    var child = $"{path}[{i}]";
                    lines[child] = sequence.Items[i].Line;
                    Add(lines, child, sequence.Items[i]);
                }

                break;
        }
    }
}
