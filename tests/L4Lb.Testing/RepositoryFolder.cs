namespace L4Lb.Testing;

/// <summary>
/// Where the checkout is that the tests were built from. Found from the test's own assembly: the compiler's idea of a
/// file's path is not one in a deterministic build.
/// </summary>
public static class RepositoryFolder
{
    /// <summary>The folder of <c>L4Lb.sln</c>.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
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
