using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;
using L4Lb.Lab.Replay;

namespace L4Lb.Host.Lab;

/// <summary>What <c>l4lb lab replay</c> was told.</summary>
/// <param name="Logs">Access logs.</param>
internal sealed record ReplaySettings(IReadOnlyList<string> Logs)
{
    /// <summary>What is asked of them.</summary>
    public ReplayOptions Options { get; init; } = new();

    /// <summary>Schedulers by name; empty for the usual ones, and that of the manifests.</summary>
    public IReadOnlyList<string> Schedulers { get; init; } = [];

    /// <summary>Objects that have the service; null for none.</summary>
    public ManifestSourceOptions? Manifests { get; init; }

    /// <summary>How these are planned.</summary>
    public StandaloneOptions Standalone { get; init; } = new();

    /// <summary>Runs at a time; null for as many as there are cores.</summary>
    public int? Parallel { get; init; }

    /// <summary>Where the result goes; null for a file of the service's name.</summary>
    public string? Output { get; init; }

    /// <summary>Where the report goes; null for a file of the service's name.</summary>
    public string? Report { get; init; }

    /// <summary>Whether the report is opened.</summary>
    public bool Opens { get; init; }

    /// <summary>What was typed.</summary>
    public string Command { get; init; } = "";
}
