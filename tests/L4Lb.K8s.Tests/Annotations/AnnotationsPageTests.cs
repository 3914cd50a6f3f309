using System.Text.RegularExpressions;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Tests.Standalone;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Annotations;

/// <summary>Holds the page of annotations to what is read.</summary>
public class AnnotationsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "docs/operations/annotations.md"));

    public static TheoryData<string, string> Examples =>
    [
        .. Regex.Matches(s_page, @"^  (?<name>l4lb\.io/[a-z0-9-]+): (?<value>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)
            .Select(static m => (m.Groups["name"].Value, m.Groups["value"].Value.Trim('"'))),
    ];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_right(string name, string value)
    {
        var diagnostics = new List<Diagnostic>();

        ServiceAnnotations.Parse(
            Annotated.Web.Annotated(name, value), AnnotationOptions.Default with { ExecProbes = "/probes" }, diagnostics);

        Assert.DoesNotContain(diagnostics, static d => d.Severity == Severity.Error);
    }

    [Fact]
    public void Every_annotation_is_there_and_those_that_work_have_an_example()
    {
        string[] later = [AnnotationNames.BackendMaxSessions];

        Assert.All(AnnotationNames.OnService, static name => Assert.Contains($"`{name}`", s_page, StringComparison.Ordinal));
        Assert.Equal(
            AnnotationNames.OnService.Except(later).Order(StringComparer.Ordinal),
            Examples.Select(static e => e.Data.Item1).Distinct().Order(StringComparer.Ordinal));
    }
}
