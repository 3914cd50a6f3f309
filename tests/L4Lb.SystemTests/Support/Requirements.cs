namespace L4Lb.SystemTests.Support;

/// <summary>
/// What a test needs of the machine. Where it is missing the test is skipped with the reason; where the caller has
/// said that everything must be there, it fails.
/// </summary>
internal static class Requirements
{
    /// <summary>Debian's nginx.</summary>
    public static void Nginx() => Program("nginx");

    /// <summary>Debian's HAProxy.</summary>
    public static void HaProxy() => Program("haproxy");

    /// <summary>A program on the path.</summary>
    public static void Program(string name) =>
        Need(FindProgram(name) is not null, $"{name} is not installed; eng/install-test-deps.sh installs it");

    /// <summary>Network namespaces of our own.</summary>
    public static void Namespaces()
    {
        Need(Environment.IsPrivilegedProcess, "network namespaces need root");
        Program("ip");
    }

    /// <summary>The full path of a program, or null; also of those that only an administrator's path has.</summary>
    public static string? FindProgram(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]);
        return folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Skips, or lets the test fail, when that is not met.</summary>
    public static void Need(bool met, string reason)
    {
        if (met)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("L4LB_REQUIRE_SYSTEM") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }
}
