namespace L4Lb.SystemTests.Support;

/// <summary>What a test needs of the machine. It skips without, unless <c>L4LB_REQUIRE_SYSTEM=1</c>: then it fails.</summary>
internal static class Requires
{
    public static void Nginx() => Tool("nginx");

    /// <summary>Network namespaces: root, and iproute2.</summary>
    public static void Namespaces()
    {
        Or(Environment.UserName == "root", "network namespaces need root");
        Tool("ip");
    }

    public static void Tool(string name) => Or(
        Path(name) is not null, $"{name} is not installed; eng/install-test-deps.sh installs it");

    private static string? Path(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':')
            .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static void Or(bool ok, string reason)
    {
        if (!ok && Environment.GetEnvironmentVariable("L4LB_REQUIRE_SYSTEM") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.SkipUnless(ok, reason);
    }
}
