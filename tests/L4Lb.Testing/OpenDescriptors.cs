namespace L4Lb.Testing;

/// <summary>
/// What this process has open for its sockets: sockets, pipes, event queues. Files are left out, because the runtime
/// opens an assembly whenever one is used for the first time.
/// </summary>
public static class OpenDescriptors
{
    /// <summary>How many there are.</summary>
    public static int Count() => All().Count(item => IsOurs(item.Target));

    /// <summary>What they are, for the message of a leak.</summary>
    public static IReadOnlyList<string> Describe() =>
        [.. All().Where(item => IsOurs(item.Target)).OrderBy(item => item.Number).Select(item => $"{item.Number} → {item.Target}")];

    /// <summary>The highest number in use, files included.</summary>
    public static int Highest() => All().Max(item => item.Number);

    private static bool IsOurs(string? target) =>
        target is not null
        && (target.StartsWith("socket:", StringComparison.Ordinal)
            || target.StartsWith("pipe:", StringComparison.Ordinal)
            || target.StartsWith("anon_inode:", StringComparison.Ordinal));

    private static IEnumerable<(int Number, string? Target)> All() =>
        Directory.GetFileSystemEntries("/proc/self/fd").Select(path => (int.Parse(Path.GetFileName(path)), Target(path)));

    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return null;
        }
    }
}
