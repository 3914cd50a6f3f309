using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Explain;

/// <summary>Everything that <c>l4lb explain</c> was told.</summary>
/// <param name="Manifests">The files.</param>
/// <param name="Standalone">What the standalone control plane is told.</param>
/// <param name="Client">Who asks; port 0 when none was given.</param>
/// <param name="To">What is asked for.</param>
/// <param name="Output">Form of the answer.</param>
internal sealed record ExplainSettings(
    ManifestSourceOptions Manifests, StandaloneOptions Standalone, IPEndPoint Client, Target To, OutputFormat Output);

/// <summary>The values of <c>--output</c>.</summary>
internal enum OutputFormat
{
    /// <summary>Text for people.</summary>
    Text,

    /// <summary>One JSON object for programs.</summary>
    Json,
}

/// <summary>What a client addresses.</summary>
/// <param name="EndPoint">Address and port.</param>
/// <param name="Protocol">Transport protocol.</param>
internal sealed record Target(IPEndPoint EndPoint, TransportProtocol Protocol = TransportProtocol.Tcp)
{
    /// <summary>The address.</summary>
    public IPAddress Address => EndPoint.Address;

    /// <inheritdoc/>
    public override string ToString() => $"{EndPoint}/{Protocol.ToString().ToLowerInvariant()}";
}
