using L4Lb.K8s.Reading;

namespace L4Lb.K8s.Tests.Seeds;

/// <summary>The manifests of the documents that the project was made from, as they are written there.</summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "assets", "seeds");

    [Fact]
    public void Probe()
    {
        foreach (var f in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
        {
            var set = new ManifestSource(new([f])).Load();
            output.WriteLine($"[\"{Path.GetFileName(f)}\"] = [{string.Join(", ", set.Objects.Select(o => $"\"{o.Kind} {o.Metadata.Key}\""))}]");
            foreach (var d in set.Diagnostics)
            {
                output.WriteLine("    " + (d with { File = Path.GetFileName(d.File) }));
            }
        }
    }
}
