using L4Lb.K8s.Diagnostics;

namespace L4Lb.K8s.Reading;

/// <summary>Finds the files that the given paths mean.</summary>
internal static class InputFiles
{
    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";

    // A folder of manifests is shallow; this only ends a walk that went astray.
    private const int MaxDepth = 32;

    /// <summary>
    /// The files of <paramref name="paths"/>, each once, those of a folder in order of their names. What begins with
    /// a dot is left out of a folder: a mounted ConfigMap keeps second copies of its files there.
    /// </summary>
    public static List<string> Find(IReadOnlyList<string> paths, List<Diagnostic> diagnostics)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            foreach (var file in FindOne(path, diagnostics))
            {
                if (seen.Add(file == StandardInput ? file : Path.GetFullPath(file)))
                {
                    files.Add(file);
                }
            }
        }

        return files;
    }

    private static List<string> FindOne(string path, List<Diagnostic> diagnostics)
    {
        if (path == StandardInput || File.Exists(path))
        {
            return [path];
        }

        void Refuse(string message) => diagnostics.Add(new(Severity.Error, path, 0, "", message));
        if (!Directory.Exists(path))
        {
            Refuse("there is no such file or folder; give the path of a file or folder of YAML or JSON manifests, or - for standard input");
            return [];
        }

        var files = new List<string>();
        try
        {
            Collect(path, files, new(StringComparer.Ordinal), MaxDepth);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse($"the folder cannot be read: {e.Message}");
            return [];
        }

        if (files.Count == 0)
        {
            Refuse("there is no *.yaml, *.yml or *.json file in this folder");
        }

        return files;
    }

    private static void Collect(string folder, List<string> files, HashSet<string> visited, int depth)
    {
        // A link may lead back up; every real folder is entered once.
        var real = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder);
        if (depth == 0 || !visited.Add(real))
        {
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(entry).StartsWith('.'))
            {
                continue;
            }

            if (Directory.Exists(entry))
            {
                Collect(entry, files, visited, depth - 1);
            }
            else if (Path.GetExtension(entry).ToLowerInvariant() is ".yaml" or ".yml" or ".json")
            {
                files.Add(entry);
            }
        }
    }
}
