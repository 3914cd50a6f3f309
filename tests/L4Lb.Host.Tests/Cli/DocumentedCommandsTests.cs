using System.Text.RegularExpressions;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Cli;

/// <summary>Holds the commands that people copy from the pages to the command line.</summary>
public sealed partial class DocumentedCommandsTests
{
    private static readonly string[] s_pages =
        [.. new[] { "lab.md", "scenarios.md", "choosing-a-scheduler.md" }.Select(static page => Path.Combine(RepositoryFolder.Root, "docs", page))];

    public static TheoryData<string> Commands { get; } =
    [
        .. from page in (IEnumerable<string>)[Path.Combine(RepositoryFolder.Root, "README.md"), .. s_pages, .. Pages()]
           from Match command in Command().Matches(File.ReadAllText(page).Replace("\\\n", " ", StringComparison.Ordinal))
           select command.Groups["words"].Value.TrimEnd(),
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void They_are_understood(string command)
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(0, fixture.ExitCodeOf(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("", fixture.Error);
    }

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Root, "docs/operations"), "*.md").Order(StringComparer.Ordinal);

    /// <summary>A line of its own, up to its comment.</summary>
    [GeneratedRegex(@"^ *l4lb (?<words>(run|check|explain|demo|health|get|top|drain|enable|weight|kill|reload|lab)\b[^#\n`>]*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Command();
}
