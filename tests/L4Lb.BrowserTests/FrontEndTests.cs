using L4Lb.BrowserTests.Support;
using L4Lb.SystemTests.Support;

namespace L4Lb.BrowserTests;

/// <summary>The logic of the dashboard by itself: its own tests, with Node's runner.</summary>
public sealed class FrontEndTests
{
    [Fact]
    public async Task Pass_their_own_tests()
    {
        Requirements.Program("node");
        Requirements.Need(Directory.Exists(Path.Combine(FrontEnd.Folder, "node_modules")), "the program was built without its dashboard: Node.js was missing");

        var result = await ChildProcess.RunAsync("sh", "-c", $"cd '{FrontEnd.Folder}' && node test.mjs");

        Assert.True(result.ExitCode == 0, $"{result.Output}\n{result.Errors}");
        Assert.DoesNotContain("# tests 0", result.Output);
    }
}
