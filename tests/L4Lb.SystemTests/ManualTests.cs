using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>The manual page, rendered by those who render manual pages.</summary>
public sealed class ManualTests
{
    [Fact]
    public async Task Groff_has_nothing_to_say_about_it()
    {
        Requirements.Program("groff");
        using var folder = new TemporaryFolder();
        var page = await WriteAsync(folder);

        var result = await ChildProcess.RunAsync("groff", "-man", "-Tutf8", "-ww", page);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("l4lb", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Man_shows_it()
    {
        Requirements.Program("man");
        using var folder = new TemporaryFolder();
        var page = await WriteAsync(folder);

        var result = await ChildProcess.RunAsync("env", "MANWIDTH=100", "LC_ALL=C.UTF-8", "MANROFFOPT=-ww", "man", "-P", "cat", "--warnings", "-l", page);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("L4LB(1)", result.Output.TrimStart(), StringComparison.Ordinal);
        foreach (var text in new[] { "--drain-timeout", "l4lb get", "l4lb top", "completion" })
        {
            Assert.Contains(text, result.Output, StringComparison.Ordinal);
        }
    }

    private static async Task<string> WriteAsync(TemporaryFolder folder)
    {
        var printed = await L4LbProcess.RunToEndAsync("man");
        Assert.Equal((0, ""), (printed.ExitCode, printed.Errors));
        return folder.Write("l4lb.1", printed.Output + "\n");
    }
}
