namespace L4Lb.SystemTests.Support;

/// <summary>A folder of its own for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("l4lb-system-").FullName;

    /// <summary>The full path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file as a whole, so that nobody ever reads half of it; returns its path.</summary>
    public string Write(string name, string content)
    {
        var next = File($".{name}.next");
        System.IO.File.WriteAllText(next, content);
        System.IO.File.Move(next, File(name), overwrite: true);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
