using System.Text.RegularExpressions;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Cli;

/// <summary>Holds what the pages show of commands to what these printed in a test of the whole program.</summary>
public sealed partial class DocumentedOutputTests
{
    public static TheoryData<string> Examples { get; } =
    [
        .. Example().Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Root, "docs/operations/commands.md"))).Select(static m => m.Groups["text"].Value),
    ];

    [Theory]
    [MemberData(nameof(Examples))]
    public void It_was_printed(string example) => Assert.Contains(
        $"\n{Gap().Replace(example.Trim(), "   ")}\n\n",
        $"\n{File.ReadAllText(Path.Combine(RepositoryFolder.Root, "tests/L4Lb.SystemTests/commands.golden.txt"))}\n",
        StringComparison.Ordinal);

    [GeneratedRegex(@"^```\n(?<text>\$ l4lb [^`]*)```", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    [GeneratedRegex(" {3,}")]
    private static partial Regex Gap();
}
