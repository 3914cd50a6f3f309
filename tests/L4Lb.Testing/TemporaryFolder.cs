namespace L4Lb.Testing;

/// <summary>A folder of its own for one test, gone after it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("l4lb-test-").FullName;

    /// <summary>The full path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file as a whole, so that nobody ever reads half of it; returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = File(name);
        var folder = System.IO.Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var next = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(path)}.next");
        System.IO.File.WriteAllText(next, content);
        System.IO.File.Move(next, path, overwrite: true);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
