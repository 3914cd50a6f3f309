using L4Lb.K8s.Standalone;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Translation;

/// <summary>
/// Compares plans with <c>assets/translation/CASE/desired.txt</c>. With the environment variable
/// <c>L4LB_UPDATE_GOLDEN=1</c> the files are written instead, to be reviewed as a diff.
/// </summary>
public class GoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_plan_is_as_reviewed(string name)
    {
        var (options, objects) = GoldenCases.All[name];
        var actual = PlanText.Of(new StandaloneControlPlane(options with { Seed = 1 }).MakePlan(objects));

        var path = Path.Combine(Assets(), name, "desired.txt");
        if (Environment.GetEnvironmentVariable("L4LB_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void Every_file_has_its_case() => Assert.Equal(
        GoldenCases.All.Keys.Order(StringComparer.Ordinal),
        Directory.GetDirectories(Assets()).Select(static d => Path.GetFileName(d)).Order(StringComparer.Ordinal));

    private static string Assets() => Path.Combine(RepositoryFolder.Root, "tests", "L4Lb.K8s.Tests", "assets", "translation");
}
