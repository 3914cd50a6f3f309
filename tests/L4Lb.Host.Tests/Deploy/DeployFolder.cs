using L4Lb.Testing;

namespace L4Lb.Host.Tests.Deploy;

/// <summary>Where the manifests are.</summary>
internal static class DeployFolder
{
    /// <summary>A file or folder of <c>deploy</c>.</summary>
    public static string Path(string name) => System.IO.Path.Combine(RepositoryFolder.Root, "deploy", name);
}
