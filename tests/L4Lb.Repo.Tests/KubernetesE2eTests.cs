using System.Text.RegularExpressions;

namespace L4Lb.Repo.Tests;

/// <summary>docs/kubernetes-e2e.md says which test of ours does what Kubernetes' own does.</summary>
public sealed partial class KubernetesE2eTests
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var named = NamesIn(Repository.Read("docs/kubernetes-e2e.md").Lines);
        Assert.True(named.Count > 30, $"only {named.Count} names were found");
        var tests = Repository.Sources.Where(static f => f.IsIn("tests")).SelectMany(static f => f.Lines).ToList();
        Assert.All(named, name => Assert.Contains(tests, line => line.Contains($" {name}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_case_has_a_test_or_a_reason()
    {
        string[] rows = [.. Repository.Read("docs/kubernetes-e2e.md").Lines.Where(static l => l.StartsWith('|')).Where(static l => !l.StartsWith("|---"))];
        Assert.All(rows, static row => Assert.True(
            row.Split('|') is [_, _, var answer, _]
            && (NamesIn([answer]).Count > 0 || answer.Contains("none") || answer.Contains("docs/") || answer.Contains("test, or reason")), row));
    }

    private static IReadOnlyCollection<string> NamesIn(IEnumerable<string> lines) =>
        [.. lines.SelectMany(static l => TestName().Matches(l)).Select(static m => m.Groups["name"].Value).Distinct()];

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z]*_[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();
}
