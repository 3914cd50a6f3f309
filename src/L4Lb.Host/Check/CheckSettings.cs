using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Check;

/// <summary>Everything that <c>l4lb check</c> was told.</summary>
/// <param name="Manifests">The files.</param>
/// <param name="Standalone">What the standalone control plane is told.</param>
internal sealed record CheckSettings(ManifestSourceOptions Manifests, StandaloneOptions Standalone);
