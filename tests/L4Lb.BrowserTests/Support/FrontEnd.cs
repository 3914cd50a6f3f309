using L4Lb.Testing;

namespace L4Lb.BrowserTests.Support;

/// <summary>The sources of the dashboard.</summary>
internal static class FrontEnd
{
    /// <summary>Where they are.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryFolder.Root, "src", "L4Lb.Host", "Dashboard", "web");
}
