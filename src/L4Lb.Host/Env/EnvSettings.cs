using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Env;

/// <summary>Everything that <c>l4lb env</c> was told.</summary>
/// <param name="Namespace">The namespace of the container.</param>
/// <param name="Manifests">The files.</param>
/// <param name="Standalone">What gives out addresses.</param>
/// <param name="ServiceLinks">Whether it gets more than the API server's variables.</param>
/// <param name="Format">How they are written.</param>
internal sealed record EnvSettings(
    string Namespace, ManifestSourceOptions Manifests, StandaloneOptions Standalone, bool ServiceLinks, EnvFormat Format);

/// <summary>How variables are written.</summary>
internal enum EnvFormat
{
    /// <summary>As <c>env</c> prints them, for eyes and for shells: <c>NAME=value</c>.</summary>
    Env,

    /// <summary>For <c>docker run --env-file</c>, which takes everything behind the sign as it is.</summary>
    Docker,

    /// <summary>For <c>EnvironmentFile=</c> of a unit (systemd.exec(5)), with quotes.</summary>
    Systemd,

    /// <summary>An object of names and values.</summary>
    Json,
}
