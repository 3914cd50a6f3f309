using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Reading;

/// <summary>One file as it was at the last load: its documents with their objects in place.</summary>
internal sealed class LoadedFile
{
    /// <summary>A file of which nothing is known yet.</summary>
    public static LoadedFile Nothing { get; } = new([]);

    private LoadedFile(List<PlacedDocument> documents) => Documents = documents;

    /// <summary>The documents, in order.</summary>
    public List<PlacedDocument> Documents { get; }

    /// <summary>Reads <paramref name="bytes"/> anew, keeping of this load what did not change.</summary>
    /// <param name="name">The file as the user named it.</param>
    /// <param name="bytes">What the file holds now.</param>
    /// <param name="cache">Documents of all files by their text.</param>
    /// <returns>The file as it is now.</returns>
    public LoadedFile Reload(string name, byte[] bytes, DocumentCache cache)
    {
        if (InputText.Decode(bytes, out var text) is { } problem)
        {
            return new([PlacedDocument.OfProblem(new(Severity.Error, name, 0, "", problem))]);
        }

        var spans = DocumentSplitter.Split(text);
        var parsed = cache.FindAll(text, spans, Documents);
        var documents = new List<PlacedDocument>(spans.Count);
        var line = 1;
        for (var i = 0; i < parsed.Length; i++)
        {
            var old = i < Documents.Count ? Documents[i] : null;
            documents.Add(old?.IsAt(parsed[i], line) == true ? old : new PlacedDocument(parsed[i], name, line));
            line += parsed[i].LineCount;
        }

        if (documents.TrueForAll(d => d.Parsed!.IsEmpty))
        {
            documents.Add(PlacedDocument.OfProblem(new(Severity.Warning, name, 0, "", "there is no manifest in this file")));
        }

        return new(documents);
    }
}

/// <summary>A document at its place in a file.</summary>
internal sealed class PlacedDocument
{
    private readonly int _line;

    /// <summary>Places <paramref name="parsed"/> at <paramref name="line"/>, one-based, of <paramref name="file"/>.</summary>
    public PlacedDocument(ParsedDocument parsed, string file, int line)
    {
        (Parsed, _line) = (parsed, line);
        Objects = parsed.PlaceObjects(file, line);
        Diagnostics = parsed.PlaceDiagnostics(file, line);
    }

    private PlacedDocument(Diagnostic problem) => (Objects, Diagnostics) = ([], [problem]);

    /// <summary>The document; null when the file could not be read as text.</summary>
    public ParsedDocument? Parsed { get; }

    /// <summary>Its objects.</summary>
    public KubeObject[] Objects { get; }

    /// <summary>Its errors and warnings.</summary>
    public Diagnostic[] Diagnostics { get; }

    /// <summary>Stands for a file of which there is only this to say.</summary>
    public static PlacedDocument OfProblem(Diagnostic problem) => new(problem);

    /// <summary>Whether this is <paramref name="parsed"/>, and it did not move.</summary>
    public bool IsAt(ParsedDocument parsed, int line) => ReferenceEquals(Parsed, parsed) && _line == line;
}
