namespace L4Lb.K8s.Objects;

/// <summary>
/// Remembers the file and, for each field path (<c>spec.ports[0].port</c>), the line where it was read, so that every
/// message can name its place. All source maps are equal: two objects that differ only in where they stood are the same.
/// </summary>
public sealed class SourceMap : IEquatable<SourceMap>
{
    /// <summary>The map of an object that was not read from a file.</summary>
    public static SourceMap None { get; } = new("", 0, new Dictionary<string, int>(StringComparer.Ordinal));

    private readonly Lazy<IReadOnlyDictionary<string, int>> _lines;
    private readonly int _offset;

    /// <summary>Creates a map.</summary>
    /// <param name="file">File name as the user gave it; <c>-</c> for standard input.</param>
    /// <param name="line">First line of the object, one-based.</param>
    /// <param name="lines">Line of each field path.</param>
    public SourceMap(string file, int line, IReadOnlyDictionary<string, int> lines) =>
        (File, Line, _lines) = (file, line, new(lines));

    /// <summary>Creates a map whose lines count from the start of a document, and are looked up only when asked for.</summary>
    /// <param name="file">File name as the user gave it; <c>-</c> for standard input.</param>
    /// <param name="offset">Line of the file on which the document's line 0 stands, one-based.</param>
    /// <param name="line">First line of the object, counted from the document's line 0.</param>
    /// <param name="lines">Line of each field path, counted from the document's line 0.</param>
    internal SourceMap(string file, int offset, int line, Lazy<IReadOnlyDictionary<string, int>> lines) =>
        (File, Line, _lines, _offset) = (file, offset + line, lines, offset);

    /// <summary>File name as the user gave it; empty when there is none.</summary>
    public string File { get; }

    /// <summary>First line of the object, one-based; 0 when there is none.</summary>
    public int Line { get; }

    /// <summary>The line of <paramref name="path"/>, or of its nearest ancestor that was written, or of the object.</summary>
    public int LineOf(string path)
    {
        while (path.Length > 0)
        {
            if (_lines.Value.TryGetValue(path, out var line) || _lines.Value.TryGetValue(AsMember(path), out line))
            {
                return _offset + line;
            }

            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return Line;
    }

    /// <summary>The API server writes keys that a user chose in brackets, <c>metadata.labels[app]</c>; a file has but members.</summary>
    private static string AsMember(string path) =>
        path.EndsWith(']') && path.LastIndexOf('[') is > 0 and var open ? $"{path[..open]}.{path[(open + 1)..^1]}" : path;

    /// <inheritdoc/>
    public bool Equals(SourceMap? other) => other is not null;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SourceMap;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
