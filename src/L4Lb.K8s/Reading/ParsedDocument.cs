using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading;

/// <summary>What one document's text holds, wherever it stands. Lines count from the document's line 0.</summary>
internal sealed class ParsedDocument(string text)
{
    private readonly List<(KubeObject Value, int Line, Lazy<IReadOnlyDictionary<string, int>> Lines)> _objects = [];

    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>Number of line ends in the text.</summary>
    public int LineCount { get; } = text.AsSpan().Count('\n');

    /// <summary>Errors and warnings, without a file yet.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>Whether there is anything in it at all: comments alone are nothing.</summary>
    public bool IsEmpty => _objects.Count == 0 && Diagnostics.Count == 0;

    /// <summary>Adds an error about an object as a whole.</summary>
    public void Refuse(int line, string message) => Diagnostics.Add(new(Severity.Error, "", line, "", message));

    /// <summary>Adds an object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="line">Its first line.</param>
    /// <param name="index">Its index when the document is a list; 0 otherwise.</param>
    public void Add(KubeObject value, int line, int index) => _objects.Add((value, line, new(() => FindLines(index))));

    /// <summary>The objects, standing in <paramref name="file"/> from its line <paramref name="firstLine"/>.</summary>
    public KubeObject[] PlaceObjects(string file, int firstLine) =>
        [.. _objects.Select(o => o.Value with { Source = new SourceMap(file, firstLine, o.Line, o.Lines) })];

    /// <summary>The diagnostics, likewise.</summary>
    public Diagnostic[] PlaceDiagnostics(string file, int firstLine) =>
        [.. Diagnostics.Select(d => d with { File = file, Line = firstLine + d.Line })];

    // Few objects are ever asked for a line after they were read, so no table of lines is kept: the text is read again.
    private Dictionary<string, int> FindLines(int index)
    {
        var root = TreeReader.Read(Text) as MappingNode;
        var isList = root?.FindString("kind")?.EndsWith("List", StringComparison.Ordinal) == true;
        return TreeLines.Of(isList && root?.Find("items") is SequenceNode items ? items.Items[index] : root!);
    }
}
