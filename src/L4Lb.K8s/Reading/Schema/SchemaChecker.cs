using System.Globalization;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading.Schema;

/// <summary>
/// Holds a tree against the fields of its kind and reports, in the API server's words, what that would refuse to
/// decode: values of the wrong type, fields that do not exist and fields that are there twice. Unlike the server,
/// which stops at the first value of a wrong type, it reports them all.
/// </summary>
internal sealed class SchemaChecker
{
    // The steps from the object to where we are: names, and indices of list items.
    private readonly List<(string? Name, int Index)> _path = [];
    private readonly FieldProblems _problems;

    private SchemaChecker(FieldProblems problems) => _problems = problems;

    /// <summary>Checks <paramref name="root"/>, reporting to <paramref name="problems"/>.</summary>
    public static void Check(MappingNode root, StructType type, FieldProblems problems) =>
        new SchemaChecker(problems).CheckStruct(root, type);

    private void Check(TreeNode node, FieldType type, StructType parent)
    {
        if (node is ScalarNode { Kind: ScalarKind.Null })
        {
            return;
        }

        switch (type, node)
        {
            case (AnyType, _):
                break;
            case (StructType inner, MappingNode mapping):
                CheckStruct(mapping, inner);
                break;
            case (MapType map, MappingNode mapping):
                CheckMap(mapping, map, parent);
                break;
            case (ListType list, SequenceNode sequence):
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    _path.Add((null, i));
                    Check(sequence.Items[i], list.Item, parent);
                    _path.RemoveAt(_path.Count - 1);
                }

                break;
            case (ScalarType scalar, ScalarNode value):
                CheckScalar(value, scalar, parent);
                break;
            default:
                Mismatch(node, node is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Float } ? "number" : Describe(node), type, parent);
                break;
        }
    }

    private void CheckStruct(MappingNode mapping, StructType type)
    {
        var seen = KeysOf(mapping);
        for (var i = 0; i < mapping.Entries.Count; i++)
        {
            var (key, line, value) = mapping.Entries[i];
            _path.Add((key, 0));
            if (IsRepeated(mapping, i, seen))
            {
                _problems.Strict(line, $"duplicate field \"{PathText()}\"");
            }

            if (type.Fields.TryGetValue(key, out var field))
            {
                Check(value, field, type);
            }
            else if (!type.IsOpen)
            {
                _problems.Strict(line, $"unknown field \"{PathText()}\"");
            }

            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void CheckMap(MappingNode mapping, MapType type, StructType parent)
    {
        var seen = KeysOf(mapping);
        for (var i = 0; i < mapping.Entries.Count; i++)
        {
            var (key, line, value) = mapping.Entries[i];
            if (IsRepeated(mapping, i, seen))
            {
                _problems.Strict(line, $"duplicate field \"{PathText()}.{key}\"");
            }

            // The server names the map, not the key: the key is known from the line.
            Check(value, type.Value, parent);
        }
    }

    // Most objects have a handful of fields, for which looking back is the fastest.
    private static HashSet<string>? KeysOf(MappingNode mapping) =>
        mapping.Entries.Count > 16 ? new(mapping.Entries.Count, StringComparer.Ordinal) : null;

    private static bool IsRepeated(MappingNode mapping, int index, HashSet<string>? seen)
    {
        if (seen is not null)
        {
            return !seen.Add(mapping.Entries[index].Key);
        }

        for (var i = 0; i < index; i++)
        {
            if (mapping.Entries[i].Key == mapping.Entries[index].Key)
            {
                return true;
            }
        }

        return false;
    }

    private void CheckScalar(ScalarNode node, ScalarType type, StructType parent)
    {
        switch (type.Shape, node.Kind)
        {
            case (ScalarShape.Text or ScalarShape.IntOrString, ScalarKind.String):
            case (ScalarShape.Bool, ScalarKind.Bool):
                break;
            case (ScalarShape.Time, ScalarKind.String):
                if (!DateTimeOffset.TryParse(node.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
                {
                    const string Layout = "2006-01-02T15:04:05Z07:00";
                    _problems.Decode(node.Line, PathText(), $"parsing time \"{node.Text}\" as \"{Layout}\": cannot parse \"{node.Text}\" as \"2006\"");
                }

                break;
            case (ScalarShape.Int32 or ScalarShape.IntOrString, ScalarKind.Integer)
                when int.TryParse(node.Text, CultureInfo.InvariantCulture, out _):
            case (ScalarShape.Int64, ScalarKind.Integer) when long.TryParse(node.Text, CultureInfo.InvariantCulture, out _):
                break;
            case (ScalarShape.Text or ScalarShape.Bool or ScalarShape.Time, ScalarKind.Integer or ScalarKind.Float):
                Mismatch(node, "number", type, parent);
                break;
            default:
                Mismatch(node, Describe(node), type, parent);
                break;
        }
    }

    private void Mismatch(TreeNode node, string value, FieldType type, StructType parent)
    {
        var field = string.Join('.', _path.Where(p => p.Name is not null).Select(p => p.Name));
        _problems.Decode(node.Line, PathText(), $"json: cannot unmarshal {value} into Go struct field {parent.Name}.{field} of type {type.GoName}");
    }

    private static string Describe(TreeNode node) => node switch
    {
        MappingNode => "object",
        SequenceNode => "array",
        ScalarNode { Kind: ScalarKind.String } => "string",
        ScalarNode { Kind: ScalarKind.Bool } => "bool",
        ScalarNode number => $"number {number.Text}",
        _ => "value",
    };

    private string PathText() =>
        string.Concat(_path.Select((p, i) => p.Name is null ? $"[{p.Index}]" : i == 0 ? p.Name : $".{p.Name}"));
}
