using L4Lb.SystemTests.Support;

namespace L4Lb.SystemTests;

/// <summary>The first command of the front page.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_of_the_front_page_serves_and_shows_the_shares()
    {
        var result = await L4LbProcess.RunToEndAsync("demo", "--once");

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Contains("answers by backend", result.Output, StringComparison.Ordinal);
        Assert.Contains("round-robin", result.Output, StringComparison.Ordinal);
    }
}
