using System.Net;
using L4Lb.Engine.Scheduling;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Demo;

/// <summary>
/// The built-in manifest with its ports filled in, as a file for as long as the demo lasts: it is read the way that
/// everybody's files are.
/// </summary>
internal sealed class DemoManifest : IDisposable
{
    private const string Resource = "L4Lb.Host.Demo.demo.yaml";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("l4lb-demo-");

    /// <summary>Writes the manifest.</summary>
    public DemoManifest(DemoPorts ports)
    {
        FilePath = Path.Combine(_folder.FullName, "demo.yaml");
        File.WriteAllText(FilePath, Fill(ports));
    }

    /// <summary>What a cluster would know of the demo's: its ClusterIPs are loopback addresses.</summary>
    public static StandaloneOptions Standalone { get; } = new()
    {
        ServiceCidrs = [IPNetwork.Parse("127.96.0.0/24")],
        Serve = ServeKinds.ClusterIP,
        SchedulerProblem = SchedulerCatalog.Validate,
    };

    /// <summary>Where it is.</summary>
    public string FilePath { get; }

    /// <summary>How to read it.</summary>
    public ManifestSourceOptions Source => new([FilePath]);

    /// <summary>The text with its ports filled in.</summary>
    public static string Fill(DemoPorts ports)
    {
        using var stream = typeof(DemoManifest).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("${PORT}", $"{ports.Service}").Replace("${BACKEND_PORT}", $"{ports.Backend}");
    }

    /// <summary>Removes the file.</summary>
    public void Dispose() => _folder.Delete(recursive: true);
}
