using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading;

namespace L4Lb.K8s.Tests.Reading;

/// <summary>Loads manifests that are written in the test.</summary>
internal static class Manifests
{
    public static ManifestSet Load(string text, FieldValidation validation = FieldValidation.Strict) =>
        new ManifestSource(new(["-"], validation), () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))).Load();

    /// <summary>What is said of the text, without the file's name.</summary>
    public static string[] Messages(string text, FieldValidation validation = FieldValidation.Strict) =>
        [.. Load(text, validation).Diagnostics.Select(d => d.ToString()[2..].TrimStart())];

    /// <summary>What is said of a Service with this <c>spec</c>, without places.</summary>
    public static string[] OfSpec(string spec) =>
        [.. Load(ServiceOf(spec)).Diagnostics.Select(d => (d with { File = "" }).ToString())];

    public static Service Service(string spec) => Assert.IsType<Service>(Assert.Single(Load(ServiceOf(spec)).Objects));

    public static string ServiceOf(string spec) =>
        $"apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  {spec.ReplaceLineEndings("\n  ")}\n";
}
