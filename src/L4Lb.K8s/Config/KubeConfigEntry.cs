using System.Text;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Config;

/// <summary>
/// One cluster, user or context as written, and the file where. Reads its fields strictly: a value of another type is not taken
/// for none, since a token that looks like a number would then be a request without one.
/// </summary>
/// <param name="file">Path of the kubeconfig.</param>
/// <param name="place">What it is in there, as <c>user "a"</c>.</param>
/// <param name="fields">The fields.</param>
internal sealed class KubeConfigEntry(string file, string place, MappingNode fields)
{
    /// <summary>Path of the kubeconfig.</summary>
    public string File => file;

    /// <summary>The field as it is called in messages.</summary>
    public string Where(string field) => $"{file}: {place}: {field}";

    /// <summary>The error about a field.</summary>
    public KubernetesConnectionException Wrong(string field, string what, Exception? inner = null) =>
        new($"{Where(field)}: {what}", inner);

    /// <summary>Whether there is such a field, and it says something.</summary>
    public bool Has(string field) => fields.Find(field)
        is not (null or ScalarNode { Text: "" } or SequenceNode { Items.Count: 0 } or MappingNode { Entries.Count: 0 });

    /// <summary>The text of a field; null when it is not there, or empty.</summary>
    public string? Text(string field) => fields.Find(field) switch
    {
        null or ScalarNode { Kind: ScalarKind.String, Text: "" } => null,
        ScalarNode { Kind: ScalarKind.String } scalar => scalar.Text,
        _ => throw Wrong(field, "is no text; put it in quotes"),
    };

    /// <summary>The text of a field that must be there.</summary>
    public string RequiredText(string field) => Text(field) ?? throw Wrong(field, "is missing");

    /// <summary>Whether a field says <c>true</c>.</summary>
    public bool Bool(string field) => fields.Find(field) switch
    {
        null => false,
        ScalarNode { Kind: ScalarKind.Bool } scalar => scalar.Text == "true",
        _ => throw Wrong(field, "is neither true nor false"),
    };

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string field) => fields.Find(field) switch
    {
        null => [],
        SequenceNode list => [.. list.Items.Select(item => item is ScalarNode { Kind: ScalarKind.String } scalar
            ? scalar.Text
            : throw Wrong(field, "has an item that is no text; put it in quotes"))],
        _ => throw Wrong(field, "is no list"),
    };

    /// <summary>The object in a field; null when there is none.</summary>
    public KubeConfigEntry? Object(string field) => fields.Find(field) switch
    {
        null => null,
        MappingNode node => new(file, $"{place}: {field}", node),
        _ => throw Wrong(field, "is no object"),
    };

    /// <summary>The objects of a list.</summary>
    public IReadOnlyList<KubeConfigEntry> Objects(string field) => fields.Find(field) switch
    {
        null => [],
        SequenceNode list => [.. list.Items.Index().Select(item => item.Item is MappingNode node
            ? new KubeConfigEntry(file, $"{place}: {field}[{item.Index}]", node)
            : throw Wrong($"{field}[{item.Index}]", "is no object"))],
        _ => throw Wrong(field, "is no list"),
    };

    /// <summary>Anything at all in a field; null when there is nothing.</summary>
    public TreeNode? Find(string field) => fields.Find(field);

    /// <summary>The path in a field, seen from the file's folder; null when it is not there.</summary>
    public string? PathIn(string field) => Text(field) is { } path ? FromFolder(path) : null;

    /// <summary>A path as seen from the file's folder.</summary>
    public string FromFolder(string path) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, path));

    /// <summary>What is in <paramref name="field"/><c>-data</c> as base64, or else in the file that the field names.</summary>
    public SecretText? Secret(string field, TimeProvider time)
    {
        if (Text($"{field}-data") is { } data)
        {
            try
            {
                return new(Encoding.UTF8.GetString(Convert.FromBase64String(data)), Where($"{field}-data"));
            }
            catch (FormatException e)
            {
                throw Wrong($"{field}-data", "is not base64", e);
            }
        }

        return PathIn(field) is { } path ? new(path, Where(field), time) : null;
    }
}
