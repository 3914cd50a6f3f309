namespace L4Lb.Repo.Tests;

public sealed class ProjectRulesTests
{
    [Fact]
    public void Projects_reference_downwards_only() =>
        Assert.Empty(Repository.Projects.SelectMany(ProjectRules.References));

    [Theory]
    [InlineData("src/L4Lb.Engine/L4Lb.Engine.csproj", "../L4Lb.K8s/L4Lb.K8s.csproj")]
    [InlineData("src/L4Lb.K8s/L4Lb.K8s.csproj", "../L4Lb.Host/L4Lb.Host.csproj")]
    [InlineData("src/L4Lb.Other/L4Lb.Other.csproj", "../L4Lb.Engine/L4Lb.Engine.csproj")]
    public void A_reference_upwards_is_a_breach(string path, string reference) =>
        Assert.Single(ProjectRules.References(Project(path, $"<ProjectReference Include=\"{reference}\" />")));

    [Fact]
    public void The_engine_stands_on_the_framework_alone_and_alone_is_unsafe() =>
        Assert.Empty(Repository.Projects.SelectMany(ProjectRules.Engine));

    [Theory]
    [InlineData("src/L4Lb.Engine/L4Lb.Engine.csproj", "<PackageReference Include=\"YamlDotNet\" />")]
    [InlineData("src/L4Lb.K8s/L4Lb.K8s.csproj", "<AllowUnsafeBlocks>true</AllowUnsafeBlocks>")]
    public void A_package_in_the_engine_or_unsafe_code_elsewhere_is_a_breach(string path, string xml) =>
        Assert.Single(ProjectRules.Engine(Project(path, xml)));

    [Fact]
    public void Packages_are_locked() =>
        Assert.Empty(Repository.Projects.SelectMany(project => ProjectRules.Locks(project, Repository.Has)));

    [Fact]
    public void A_missing_lock_is_a_breach() => Assert.Equal(
        ["src/A/packages.lock.json: is missing; restore writes it"],
        ProjectRules.Locks(Project("src/A/A.csproj", ""), static _ => false));

    [Fact]
    public void The_readme_is_short() => Assert.Empty(ProjectRules.Readme(Repository.Read("README.md")));

    [Fact]
    public void A_long_readme_is_a_breach() => Assert.Single(
        ProjectRules.Readme(new SourceFile("README.md", string.Join('\n', Enumerable.Repeat("line", 151)))));

    [Fact]
    public void Projects_are_found() => Assert.Contains("src/L4Lb.Engine/L4Lb.Engine.csproj", Repository.Projects.Select(p => p.Path));

    private static SourceFile Project(string path, string xml) => new(path, $"<Project>{xml}</Project>");
}
