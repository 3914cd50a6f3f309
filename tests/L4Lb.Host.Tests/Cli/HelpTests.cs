using System.Text.RegularExpressions;
using L4Lb.Host.Tests.Support;

namespace L4Lb.Host.Tests.Cli;

public class HelpTests
{
    [Theory]
    [InlineData("l4lb")]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("explain")]
    [InlineData("demo")]
    [InlineData("health")]
    [InlineData("get")]
    [InlineData("top")]
    [InlineData("drain")]
    [InlineData("enable")]
    [InlineData("weight")]
    [InlineData("kill")]
    [InlineData("reload")]
    [InlineData("completion")]
    [InlineData("man")]
    [InlineData("lab")]
    [InlineData("lab scenarios")]
    [InlineData("lab check")]
    [InlineData("lab simulate")]
    [InlineData("lab live")]
    [InlineData("lab replay")]
    [InlineData("lab report")]
    [InlineData("lab compare")]
    public void Help_page(string command)
    {
        var fixture = new CommandLineFixture();

        fixture.ExitCodeOf(command == "l4lb" ? ["--help"] : [.. command.Split(' '), "--help"]);

        // The first line of usage names the program by its file, which is the test runner's here.
        var usage = fixture.Out.Replace(System.CommandLine.RootCommand.ExecutableName, "l4lb");
        Golden.Check(usage, $"Cli/help-{command.Replace(' ', '-')}.golden.txt");
    }

    [Fact]
    public void Every_option_of_run_names_its_variable()
    {
        var fixture = new CommandLineFixture();

        fixture.ExitCodeOf("run", "--help");

        var options = Regex.Matches(fixture.Out, @"^  (-\w, )?--(?<name>[a-z-]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture);
        Assert.True(options.Count > 15);
        Assert.All(
            options.Select(o => o.Groups["name"].Value),
            o => Assert.Contains($"[L4LB_{o.ToUpperInvariant().Replace('-', '_')}]", fixture.Out));
    }
}
