using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading;

/// <summary>
/// Reads files, folders and standard input into validated objects. Keeps what it read, so a second load parses only
/// the documents whose text changed. Not thread-safe: one loader uses it.
/// </summary>
public sealed class ManifestSource
{
    private readonly ManifestSourceOptions _options;
    private readonly Func<Stream> _openStandardInput;
    private readonly DocumentParser _parser;
    private Dictionary<string, LoadedFile> _files = new(StringComparer.Ordinal);
    private byte[]? _standardInput;

    /// <summary>Creates a source; nothing is read yet.</summary>
    public ManifestSource(ManifestSourceOptions options)
        : this(options, Console.OpenStandardInput)
    {
    }

    internal ManifestSource(ManifestSourceOptions options, Func<Stream> openStandardInput)
    {
        _options = options;
        _openStandardInput = openStandardInput;
        _parser = new DocumentParser(options.FieldValidation);
    }

    /// <summary>Reads every path again. Never throws for bad input: it is in the diagnostics.</summary>
    public ManifestSet Load()
    {
        var objects = new List<KubeObject>();
        var diagnostics = new List<Diagnostic>();
        var files = new Dictionary<string, LoadedFile>(StringComparer.Ordinal);
        foreach (var path in InputFiles.Find(_options.Paths, diagnostics))
        {
            if (TryRead(path, diagnostics) is { } bytes)
            {
                var file = _files.GetValueOrDefault(path, LoadedFile.Nothing).Reload(path, bytes, _parser);
                files[path] = file;
                diagnostics.AddRange(file.Problems);
                foreach (var document in file.Documents)
                {
                    objects.AddRange(document.Objects);
                    diagnostics.AddRange(document.Diagnostics);
                }
            }
        }

        _files = files;
        DuplicateObjects.Report(objects, diagnostics);
        return new(objects, diagnostics);
    }

    private byte[]? TryRead(string path, List<Diagnostic> diagnostics)
    {
        try
        {
            if (path == InputFiles.StandardInput)
            {
                // It can be read only once; every later load sees the same.
                return _standardInput ??= ReadAll(_openStandardInput());
            }

            return ReadAll(File.OpenRead(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            diagnostics.Add(new(Severity.Error, path, 0, "", $"this cannot be read: {e.Message}"));
            return null;
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using (stream)
        using (var content = new MemoryStream(stream.CanSeek ? (int)Math.Min(stream.Length, TreeLimits.MaxFileBytes) : 0))
        {
            var chunk = new byte[81_920];
            for (int read; (read = stream.Read(chunk)) > 0;)
            {
                content.Write(chunk, 0, read);
                if (content.Length > TreeLimits.MaxFileBytes)
                {
                    throw new IOException($"it is larger than {TreeLimits.MaxFileBytes / 1024 / 1024} MiB, the limit; split it into several files");
                }
            }

            return content.Length == content.Capacity ? content.GetBuffer() : content.ToArray();
        }
    }
}

/// <summary>What to read and how strictly.</summary>
/// <param name="Paths">Files, folders (their <c>*.yaml</c>, <c>*.yml</c>, <c>*.json</c>, recursively, but nothing whose
/// name begins with a dot) or <c>-</c>.</param>
/// <param name="FieldValidation">What to do with fields that the API does not have.</param>
public sealed record ManifestSourceOptions(
    IReadOnlyList<string> Paths, FieldValidation FieldValidation = FieldValidation.Strict);

/// <summary>The values of kubectl's <c>--validate</c>.</summary>
public enum FieldValidation
{
    /// <summary>An unknown or repeated field is an error.</summary>
    Strict,

    /// <summary>It is a warning.</summary>
    Warn,

    /// <summary>It is passed over.</summary>
    Ignore,
}

/// <summary>What was read.</summary>
/// <param name="Objects">
/// Defaulted objects in the order read. An object whose document neither changed nor moved since the last load is the
/// same instance; one that only moved is equal.
/// </param>
/// <param name="Diagnostics">Errors and warnings, in the order of the input; duplicates come last.</param>
public sealed record ManifestSet(IReadOnlyList<KubeObject> Objects, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether any diagnostic is an error.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}
