using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Annotations;

/// <summary>Reads annotations of a Service with ClientIP affinity and one TCP port.</summary>
internal static class Annotated
{
    public static Service Web { get; } = Make.Service("web", "LoadBalancer") with { SessionAffinity = "ClientIP" };

    /// <summary>What one annotation says, which is without a problem.</summary>
    public static ServiceAnnotations Read(string name, string value, string? programs = null)
    {
        var (read, diagnostics) = Parse(Web.Annotated(name, value), programs);
        Assert.Empty(diagnostics);
        return read;
    }

    /// <summary>The one error about one annotation; it stands at its place and names the value.</summary>
    public static string Problem(string name, string value)
    {
        var error = Assert.Single(Parse(Web.Annotated(name, value)).Diagnostics, static d => d.Severity == Severity.Error);
        Assert.Equal($"metadata.annotations[{name}]", error.Path);
        Assert.StartsWith($"Invalid value: \"{value}\": ", error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    /// <summary>The messages of a Service's annotations.</summary>
    public static IEnumerable<string> Messages(Service service) =>
        Parse(service).Diagnostics.Select(static d => d.ToString().Replace("metadata.annotations", "", StringComparison.Ordinal));

    private static (ServiceAnnotations Read, List<Diagnostic> Diagnostics) Parse(Service service, string? programs = null)
    {
        var diagnostics = new List<Diagnostic>();
        return (ServiceAnnotations.Parse(service, AnnotationOptions.Default with { ExecProbes = programs }, diagnostics), diagnostics);
    }
}
