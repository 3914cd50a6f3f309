namespace L4Lb.Repo.Tests;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    private static readonly string[] s_generated = ["bin", "obj", "artifacts", "node_modules", "TestResults", ".git"];

    /// <summary>The folder of the solution, found upwards from the test's own.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Every C# file that people write.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = [.. Find("*.cs").Select(Read)];

    /// <summary>Every project file.</summary>
    public static IReadOnlyList<SourceFile> Projects { get; } = [.. Find("*.csproj").Select(Read)];

    /// <summary>Whether there is a file at <paramref name="path"/>, relative to the root.</summary>
    public static bool Has(string path) => File.Exists(Path.Combine(Root, path));

    /// <summary>The file at <paramref name="path"/>, relative to the root.</summary>
    public static SourceFile Read(string path) =>
        new(path, File.ReadAllText(Path.Combine(Root, path)));

    private static IEnumerable<string> Find(string pattern) =>
        from file in Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Split('/').Intersect(s_generated).Any()
        orderby path
        select path;

    private static string FindRoot(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "L4Lb.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("no folder above the tests holds L4Lb.sln");
    }
}
