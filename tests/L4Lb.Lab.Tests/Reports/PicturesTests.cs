using System.Text.RegularExpressions;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Scenarios;
using L4Lb.Testing;

namespace L4Lb.Lab.Tests.Reports;

/// <summary>Holds the pictures of the pages to what the program makes; L4LB_UPDATE_GOLDEN=1 writes them anew.</summary>
public sealed partial class PicturesTests
{
    private static readonly string s_docs = Path.Combine(RepositoryFolder.Root, "docs");

    public static TheoryData<string> Pictures { get; } =
        [.. Shown().Matches(File.ReadAllText(Path.Combine(s_docs, "lab.md"))).Select(static m => m.Groups["file"].Value).Distinct()];

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Are_what_the_program_makes(string file)
    {
        var scenario = ShippedScenarios.All.Single(s => file.StartsWith($"{s.Name}-", StringComparison.Ordinal)).Name;
        var svg = Report.Charts(await ShippedRuns.OfAsync(scenario))[file[(scenario.Length + 1)..^".svg".Length]];
        var path = Path.Combine(s_docs, "pictures", file);
        if (Environment.GetEnvironmentVariable("L4LB_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, svg);
        }

        Assert.Equal(File.ReadAllText(path), svg);
    }

    [Fact]
    public void Are_all_shown() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(s_docs, "pictures"), "*.svg").Select(Path.GetFileName).Order(),
        Pictures.Select(static p => p.Data).Order());

    [GeneratedRegex(@"\]\(pictures/(?<file>[a-z0-9-]+\.svg)\)")]
    private static partial Regex Shown();
}
