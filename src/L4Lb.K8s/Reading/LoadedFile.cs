using L4Lb.K8s.Diagnostics;

namespace L4Lb.K8s.Reading;

/// <summary>One file as it was at the last load: its documents with their objects in place.</summary>
internal sealed class LoadedFile
{
    // Below this, starting workers takes longer than the parsing.
    private const int MinParallelDocuments = 64;

    private readonly List<PlacedDocument> _documents;

    private LoadedFile(List<PlacedDocument> documents, IReadOnlyList<Diagnostic> problems) =>
        (_documents, Problems) = (documents, problems);

    /// <summary>A file of which nothing is known yet.</summary>
    public static LoadedFile Nothing { get; } = new([], []);

    /// <summary>The documents, in order.</summary>
    public IReadOnlyList<PlacedDocument> Documents => _documents;

    /// <summary>What there is to say about the file as a whole.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; }

    /// <summary>Reads <paramref name="bytes"/>, keeping of this load what did not change.</summary>
    /// <param name="name">The file as the user named it.</param>
    /// <param name="bytes">What the file holds now.</param>
    /// <param name="parser">Parses what is new.</param>
    /// <returns>The file as it is now.</returns>
    public LoadedFile Reload(string name, byte[] bytes, DocumentParser parser)
    {
        if (InputText.Decode(bytes, out var text) is { } problem)
        {
            return new([], [new(Severity.Error, name, 0, "", problem)]);
        }

        var spans = DocumentSplitter.Split(text);
        var known = DocumentMatcher.Match(text, spans, _documents);
        var parsed = Array.ConvertAll(known, k => k?.Parsed);
        ParseMissing(text, spans, parsed, parser);

        var documents = new List<PlacedDocument>(spans.Count);
        var line = 1;
        for (var i = 0; i < parsed.Length; i++)
        {
            documents.Add(known[i]?.Line == line ? known[i]! : new PlacedDocument(parsed[i]!, name, line));
            line += parsed[i]!.LineCount;
        }

        return documents.TrueForAll(d => d.Parsed.IsEmpty)
            ? new(documents, [new(Severity.Warning, name, 0, "", "there is no manifest in this file")])
            : new(documents, []);
    }

    private static void ParseMissing(string text, List<DocumentSpan> spans, ParsedDocument?[] parsed, DocumentParser parser)
    {
        var missing = Enumerable.Range(0, parsed.Length).Where(i => parsed[i] is null).ToList();
        void Parse(int i) => parsed[i] = parser.Parse(text.Substring(spans[i].Start, spans[i].Length));
        if (missing.Count < MinParallelDocuments)
        {
            missing.ForEach(Parse);
        }
        else
        {
            Parallel.ForEach(missing, Parse);
        }
    }
}
