using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Explain;

/// <summary>What the PROXY protocol does, in words.</summary>
internal static class ProxyProtocolWords
{
    /// <summary>A line for each direction.</summary>
    public static IReadOnlyList<string> Of(ProxyProtocolSpec proxyProtocol, IPAddress client)
    {
        var lines = new List<string>();
        if (proxyProtocol.Accept)
        {
            var isTrusted = proxyProtocol.TrustedSources.Count == 0
                || proxyProtocol.TrustedSources.Any(range => range.Contains(client));
            lines.Add(isTrusted
                ? $"{client} must send a header within {GoDuration.Format(proxyProtocol.HeaderTimeout)}; who it names is the client"
                : $"{client} is not trusted to send a header, and served without one");
        }

        if (proxyProtocol.Send != ProxyProtocolVersion.None)
        {
            lines.Add($"backends are sent a header of version {(proxyProtocol.Send == ProxyProtocolVersion.V1 ? 1 : 2)} first");
        }

        return lines.Count > 0 ? lines : ["none"];
    }
}
