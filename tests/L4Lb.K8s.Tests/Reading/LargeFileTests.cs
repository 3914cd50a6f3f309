using System.Diagnostics;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Reading.Tree;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Reading;

public sealed class LargeFileTests(ITestOutputHelper output)
{
    // Explicit tests run by name alone: L4Lb.K8s.Tests -explicit on -method '*Measure*' -showliveoutput.
    [Fact(Explicit = true)]
    public void MeasureTenThousandServicesWithTenEndpointsEach()
    {
        var text = LargeManifest.Create(10_000, 10);
        using var folder = new TemporaryFolder();
        var file = folder.Write("large.yaml", text);
        var source = new ManifestSource(new([file]));
        output.WriteLine($"{new FileInfo(file).Length / 1e6:F1} MB");
        Measure("first load", source);
        Measure("unchanged", source);
        Measure("unchanged again", source);
        File.WriteAllText(file, ReplaceFirst(text, "name: service-5000\n", "name: service-five\n"));
        Measure("one document changed", source);
        File.WriteAllText(file, "# a comment moves every line\n" + text);
        Measure("all documents moved", source);
        File.WriteAllText(file, text[(text.IndexOf("\n---", StringComparison.Ordinal) + 1)..]);
        Measure("the first document removed", source);
    }

    [Fact(Explicit = true)]
    public void MeasureTheTwoReaders()
    {
        var documents = LargeManifest.Create(10_000, 10).Split("---\n");
        Array.ForEach(documents, d => PlainYamlReader.Read(d));
        var watch = Environment.CpuUsage.TotalTime;
        Array.ForEach(documents, d => PlainYamlReader.Read(d));
        output.WriteLine($"plain: {(Environment.CpuUsage.TotalTime - watch).TotalMilliseconds:F0} ms of processor");
        Array.ForEach(documents[..2000], d => YamlTreeReader.Read(d));
        watch = Environment.CpuUsage.TotalTime;
        Array.ForEach(documents, d => YamlTreeReader.Read(d));
        output.WriteLine($"full: {(Environment.CpuUsage.TotalTime - watch).TotalMilliseconds:F0} ms of processor");
    }

    private static string ReplaceFirst(string text, string old, string @new)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), @new, text.AsSpan(at + old.Length));
    }

    private void Measure(string what, ManifestSource source)
    {
        var watch = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var set = source.Load();
        var cpu = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{what}: {watch.Elapsed.TotalMilliseconds:F0} ms ({cpu.TotalMilliseconds:F0} ms of processor), {set.Objects.Count} objects, {set.Diagnostics.Count} diagnostics, {GC.GetTotalMemory(true) / 1e6:F0} MB");
        Assert.False(set.HasErrors, string.Join(Environment.NewLine, set.Diagnostics.Take(3)));
    }
}
