using System.Text;
using System.Text.Json;

namespace L4Lb.K8s.Reading.Tree;

/// <summary>Prints a tree as compact JSON with sorted keys, for messages that quote an object as the API does.</summary>
internal static class TreeJson
{
    // Long enough to recognise the object by, short enough for a line of a log.
    private const int MaxLength = 200;

    /// <summary>The JSON of <paramref name="node"/>, cut off when it gets long.</summary>
    public static string Print(TreeNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.Length <= MaxLength ? text.ToString() : text.ToString(0, MaxLength) + "…";
    }

    private static void Append(StringBuilder text, TreeNode node)
    {
        if (text.Length > MaxLength)
        {
            return;
        }

        switch (node)
        {
            case ScalarNode { Kind: ScalarKind.String } scalar:
                text.Append(Quote(scalar.Text));
                break;
            case ScalarNode scalar:
                text.Append(scalar.Text);
                break;
            case SequenceNode sequence:
                AppendAll(text, '[', sequence.Items, Append, ']');
                break;
            case MappingNode mapping:
                var sorted = mapping.Entries.OrderBy(e => e.Key, StringComparer.Ordinal);
                AppendAll(text, '{', sorted, (t, e) => Append(t.Append(Quote(e.Key)).Append(':'), e.Value), '}');
                break;
        }
    }

    private static void AppendAll<T>(
        StringBuilder text, char open, IEnumerable<T> items, Action<StringBuilder, T> append, char close)
    {
        text.Append(open);
        foreach (var item in items)
        {
            if (text[^1] != open)
            {
                text.Append(',');
            }

            append(text, item);
        }

        text.Append(close);
    }

    private static string Quote(string value) =>
        $"\"{JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
