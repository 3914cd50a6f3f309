using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace L4Lb.K8s.Reading.Tree;

/// <summary>
/// Reads one YAML document into a tree. Aliases share the node that they name, so they cost nothing here; what they
/// would cost whoever walks the tree is counted and bounded.
/// </summary>
internal sealed class YamlTreeReader
{
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, (TreeNode? Node, long Size)> _anchors = [];
    private long _size;
    private long _aliased;

    private YamlTreeReader(string text) => _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>The document in <paramref name="text"/>; null when there is none.</summary>
    /// <exception cref="TreeException">It is not YAML, or goes beyond a limit.</exception>
    public static TreeNode? Read(string text)
    {
        var reader = new YamlTreeReader(text);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            // About a tab the parser begins with where the text began that the tab is in.
            var isTab = e.Message.Contains(" tab ", StringComparison.Ordinal);
            var line = Math.Min(LineOf(isTab ? e.End : e.Start), text.AsSpan().TrimEnd().Count('\n'));
            throw new TreeException(line, $"not valid YAML: {e.Message.TrimEnd('.')}{TabHint(text, line)}");
        }
        catch (Exception e) when (e is not TreeException)
        {
            // The parser gives up on some malformed input by an exception that is not its own.
            // Its words are about the parser's state.
            throw new TreeException(
                LineOf(reader._parser.Current?.Start ?? Mark.Empty), "not valid YAML: what begins here is not ended, or has no place here");
        }
    }

    private static int LineOf(Mark mark) => (int)Math.Max(0, mark.Line - 1);

    // The parser's words for a tab are about tokens; what the author needs to hear is about indentation.
    private static string TabHint(string text, int line)
    {
        var begin = 0;
        for (; line > 0 && begin >= 0; line--)
        {
            begin = text.IndexOf('\n', begin) + 1;
        }

        var rest = text.AsSpan(begin);
        var indentation = rest[..(rest.IndexOfAnyExcept(' ', '\t') is var end and >= 0 ? end : rest.Length)];
        return indentation.Contains('\t') ? " (a tab cannot be used to indent; use spaces)" : "";
    }

    private TreeNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Current is StreamEnd
            ? root
            : throw new TreeException(LineOf(_parser.Current!.Start), "not valid YAML: did not find expected <document start>");
    }

    private TreeNode ReadNode(int depth)
    {
        if (depth > TreeLimits.MaxDepth)
        {
            throw new TreeException(LineOf(_parser.Current!.Start), $"nested deeper than {TreeLimits.MaxDepth} levels");
        }

        _size++;
        var sizeBefore = _size;
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias);
        }

        var start = _parser.Consume<NodeEvent>();
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = (null, 0);
        }

        TreeNode node = start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadSequence(LineOf(start.Start), depth),
            _ => ReadMapping(LineOf(start.Start), depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = (node, _size - sizeBefore + 1);
        }

        return node;
    }

    private TreeNode Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchored))
        {
            throw new TreeException(LineOf(alias.Start), $"not valid YAML: unknown anchor '{alias.Value}' referenced");
        }

        if (anchored.Node is null)
        {
            throw new TreeException(LineOf(alias.Start), $"not valid YAML: anchor '{alias.Value}' value contains itself");
        }

        _size += anchored.Size;
        _aliased += anchored.Size;
        return _aliased <= TreeLimits.MaxAliasedNodes
            ? anchored.Node
            : throw new TreeException(LineOf(alias.Start), "not valid YAML: document contains excessive aliasing");
    }

    private static ScalarNode ReadScalar(Scalar scalar)
    {
        var line = LineOf(scalar.Start);
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
        {
            return ScalarResolver.Tagged(line, scalar.Value, scalar.Tag.Value)
                ?? throw new TreeException(line, $"not valid YAML: cannot decode `{scalar.Value}` as a {scalar.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)}");
        }

        return scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty
            ? ScalarResolver.Plain(line, scalar.Value)
            : new(line, ScalarKind.String, scalar.Value);
    }

    private SequenceNode ReadSequence(int line, int depth)
    {
        var items = new List<TreeNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(line, items);
    }

    private MappingNode ReadMapping(int line, int depth)
    {
        var entries = new List<TreeEntry>();
        List<TreeEntry>? merged = null;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var isMerge = _parser.Current is Scalar { Style: ScalarStyle.Plain, Value: "<<" };
            var keyLine = LineOf(_parser.Current!.Start);
            if (ReadNode(depth + 1) is not ScalarNode key)
            {
                throw new TreeException(keyLine, "not valid YAML: a key must be a single value");
            }

            var value = ReadNode(depth + 1);
            if (isMerge)
            {
                Merge(value, merged ??= []);
            }
            else
            {
                entries.Add(new(key.Text, keyLine, value));
            }
        }

        if (merged is not null)
        {
            // What is written here wins over what is merged in, and of that the first.
            var keys = entries.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
            entries.AddRange(merged.Where(m => keys.Add(m.Key)));
        }

        return new(line, entries);
    }

    private static void Merge(TreeNode value, List<TreeEntry> into)
    {
        switch (value)
        {
            case MappingNode mapping:
                into.AddRange(mapping.Entries);
                break;
            case SequenceNode sequence when sequence.Items.TrueForAll(i => i is MappingNode):
                sequence.Items.ForEach(i => Merge(i, into));
                break;
            default:
                throw new TreeException(value.Line, "not valid YAML: map merge requires map or sequence of maps as the value");
        }
    }
}
