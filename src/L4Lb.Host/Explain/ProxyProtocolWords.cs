using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Explain;

/// <summary>What the PROXY protocol does, in words.</summary>
internal static class ProxyProtocolWords
{
    /// <summary>A line for each direction.</summary>
    public static IReadOnlyList<string> Of(ServiceSpec service, IPAddress client)
    {
        var proxyProtocol = service.ProxyProtocol;
        var lines = new List<string>();
        if (proxyProtocol.Accept)
        {
            lines.Add(Accepted(proxyProtocol, client));
        }

        if (proxyProtocol.Send != ProxyProtocolVersion.None)
        {
            var version = proxyProtocol.Send == ProxyProtocolVersion.V1 ? 1 : 2;
            lines.Add((service.Protocol, service.Datagrams.ProxyHeader) switch
            {
                (not TransportProtocol.Udp, _) => $"backends are sent a header of version {version} first",
                (_, ProxyHeaderOn.First) => $"the first datagram of a flow to a backend begins with a header of version {version}",
                _ => $"each datagram to a backend begins with a header of version {version}",
            });
        }

        return lines.Count > 0 ? lines : ["none"];
    }

    /// <summary>Whoever a header names is the client from then on, to ranges, limits, affinity and the scheduler.</summary>
    private static string Accepted(ProxyProtocolSpec proxyProtocol, IPAddress client)
    {
        var trusted = string.Join(", ", (IEnumerable<IPNetwork>)proxyProtocol.TrustedSources);
        var who = trusted.Length > 0 ? $"who connects from {trusted}" : "whoever connects";
        var others = trusted.Length == 0 || proxyProtocol.TrustedSources.Any(range => range.Contains(client))
            ? ""
            : $", or when {client} connects itself, without one";
        return $"{who} must send a header within {GoDuration.Format(proxyProtocol.HeaderTimeout)}; "
            + $"what is said here holds when it names {client}{others}";
    }
}
