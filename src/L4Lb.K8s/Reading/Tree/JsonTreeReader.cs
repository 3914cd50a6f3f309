using System.Text;
using System.Text.Json;

namespace L4Lb.K8s.Reading.Tree;

/// <summary>Reads one JSON document into a tree, keeping lines and repeated keys, which no document model keeps.</summary>
internal ref struct JsonTreeReader
{
    private static readonly ScalarNode s_null = new(0, ScalarKind.Null, "null");
    private static readonly ScalarNode s_true = new(0, ScalarKind.Bool, "true");
    private static readonly ScalarNode s_false = new(0, ScalarKind.Bool, "false");

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string? _passedOver;
    private Utf8JsonReader _reader;
    private long _counted;
    private int _line;

    private JsonTreeReader(ReadOnlySpan<byte> bytes, string? passedOver)
    {
        _bytes = bytes;
        _passedOver = passedOver;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = TreeLimits.MaxDepth });
    }

    /// <summary>Whether <paramref name="text"/> begins as JSON does. A flow mapping of YAML begins so too.</summary>
    public static bool LooksLikeJson(ReadOnlySpan<char> text) => text.TrimStart() is ['{' or '[', ..];

    /// <summary>The document in <paramref name="text"/>.</summary>
    /// <exception cref="TreeException">It is not JSON, or is nested too deeply.</exception>
    public static TreeNode Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    /// <summary>The document in <paramref name="utf8"/>.</summary>
    /// <param name="utf8">The whole document.</param>
    /// <param name="passedOver">A key that is left out, with what is below it, wherever it is.</param>
    /// <exception cref="TreeException">It is not JSON, or is nested too deeply.</exception>
    public static TreeNode Read(ReadOnlySpan<byte> utf8, string? passedOver = null)
    {
        try
        {
            var reader = new JsonTreeReader(utf8, passedOver);
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

        // Between most tokens there is nothing, or a character that was just read.
        var start = (int)_reader.TokenStartIndex;
        if (start - _counted > 1)
        {
            _line += _bytes[(int)_counted..start].Count((byte)'\n');
        }

        _counted = start;
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
                return new ScalarNode(_line, ScalarKind.String, ReadText());
            case JsonTokenType.Null:
                return _line == 0 ? s_null : s_null with { Line = _line };
            case JsonTokenType.Number:
                return ReadNumber();
            default:
                var scalar = _reader.TokenType == JsonTokenType.True ? s_true : s_false;
                return _line == 0 ? scalar : scalar with { Line = _line };
        }
    }

    private readonly string ReadText() => _reader.ValueIsEscaped ? _reader.GetString()! : TextPool.Get(_reader.ValueSpan);

    private readonly ScalarNode ReadNumber()
    {
        var text = TextPool.Get(_reader.ValueSpan);
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
            var (key, line) = (ReadText(), _line);
            Advance();
            if (key == _passedOver)
            {
                _reader.Skip();
            }
            else
            {
                node.Entries.Add(new(key, line, ReadNode()));
            }
        }

        return node;
    }
}
