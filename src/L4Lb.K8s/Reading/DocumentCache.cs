namespace L4Lb.K8s.Reading;

/// <summary>
/// Remembers documents by their exact text from one load to the next, so that only changed ones are parsed. What a load
/// did not use is forgotten at its end.
/// </summary>
internal sealed class DocumentCache(DocumentParser parser)
{
    // Below this, starting workers takes longer than the parsing.
    private const int MinParallelDocuments = 64;

    private Dictionary<string, ParsedDocument> _last = new(StringComparer.Ordinal);
    private Dictionary<string, ParsedDocument> _current = new(StringComparer.Ordinal);

    /// <summary>Starts a load.</summary>
    public void Begin() => (_last, _current) = (_current, new(_current.Count, StringComparer.Ordinal));

    /// <summary>The documents at <paramref name="spans"/> of <paramref name="text"/>, parsed where their text is new.</summary>
    /// <param name="text">The file.</param>
    /// <param name="spans">Its documents.</param>
    /// <param name="previous">The file's documents at the last load: most are at the same index still, and comparing
    /// two texts is cheaper than looking one up.</param>
    public ParsedDocument[] FindAll(string text, List<DocumentSpan> spans, List<PlacedDocument> previous)
    {
        var found = new ParsedDocument[spans.Count];
        var missing = new List<int>();
        var last = _last.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < spans.Count; i++)
        {
            var span = text.AsSpan(spans[i].Start, spans[i].Length);
            if (i < previous.Count && previous[i].Parsed is { } same && span.SequenceEqual(same.Text))
            {
                found[i] = same;
            }
            else if (last.TryGetValue(span, out var moved))
            {
                found[i] = moved;
            }
            else
            {
                missing.Add(i);
            }
        }

        void Parse(int i) => found[i] = parser.Parse(text.Substring(spans[i].Start, spans[i].Length));
        if (missing.Count < MinParallelDocuments)
        {
            missing.ForEach(Parse);
        }
        else
        {
            Parallel.ForEach(missing, Parse);
        }

        foreach (var document in found)
        {
            _current[document.Text] = document;
        }

        return found;
    }
}
