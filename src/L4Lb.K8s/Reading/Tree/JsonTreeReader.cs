using System.Text;
using System.Text.Json;

namespace L4Lb.K8s.Reading.Tree;

/// <summary>Reads one JSON document into a tree, keeping lines and repeated keys, which no document model keeps.</summary>
internal ref struct JsonTreeReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private long _counted;
    private int _line;

    private JsonTreeReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = TreeLimits.MaxDepth });
    }

    /// <summary>Whether <paramref name="text"/> begins as JSON does. A flow mapping of YAML begins so too.</summary>
    public static bool LooksLikeJson(ReadOnlySpan<char> text) => text.TrimStart() is ['{' or '[', ..];

    /// <summary>The document in <paramref name="text"/>.</summary>
    /// <exception cref="TreeException">It is not JSON, or is nested too deeply.</exception>
    public static TreeNode Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    /// <summary>The document in <paramref name="utf8"/>.</summary>
    /// <exception cref="TreeException">It is not JSON, or is nested too deeply.</exception>
    public static TreeNode Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new JsonTreeReader(utf8);
            reader.Advance();
            var root = reader.ReadNode();
            if (reader._reader.Read())
            {
                throw new TreeException(reader._line, "not valid JSON: there is something after the end of the object");
            }

            return root;
        }
        catch (JsonException e)
        {
            var reason = e.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            throw new TreeException((int)(e.LineNumber ?? 0), $"not valid JSON: {reason}");
        }
        catch (InvalidOperationException e)
        {
            throw new TreeException(0, $"not valid JSON: {e.Message}");
        }
    }

    private void Advance()
    {
        _reader.Read();
        _line += _bytes[(int)_counted..(int)_reader.TokenStartIndex].Count((byte)'\n');
        _counted = _reader.TokenStartIndex;
    }

    private TreeNode ReadNode()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMapping();
            case JsonTokenType.StartArray:
                return ReadSequence();
            case JsonTokenType.String:
                return new ScalarNode(_line, ScalarKind.String, _reader.GetString()!);
            case JsonTokenType.Null:
                return new ScalarNode(_line, ScalarKind.Null, "null");
            case JsonTokenType.Number:
                return ReadNumber();
            default:
                return new ScalarNode(_line, ScalarKind.Bool, _reader.TokenType == JsonTokenType.True ? "true" : "false");
        }
    }

    private readonly ScalarNode ReadNumber()
    {
        var text = Encoding.ASCII.GetString(_reader.ValueSpan);
        var isWhole = !text.AsSpan().ContainsAny('.', 'e', 'E');
        return new(_line, isWhole ? ScalarKind.Integer : ScalarKind.Float, text);
    }

    private SequenceNode ReadSequence()
    {
        var node = new SequenceNode(_line, []);
        for (Advance(); _reader.TokenType != JsonTokenType.EndArray; Advance())
        {
            node.Items.Add(ReadNode());
        }

        return node;
    }

    private MappingNode ReadMapping()
    {
        var node = new MappingNode(_line, []);
        for (Advance(); _reader.TokenType != JsonTokenType.EndObject; Advance())
        {
            var (key, line) = (_reader.GetString()!, _line);
            Advance();
            node.Entries.Add(new(key, line, ReadNode()));
        }

        return node;
    }
}
