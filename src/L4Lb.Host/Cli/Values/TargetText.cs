using L4Lb.Engine.Desired;
using L4Lb.Host.Explain;

namespace L4Lb.Host.Cli.Values;

/// <summary>What a client addresses: <c>10.96.0.10:80</c>, <c>10.96.0.10:53/udp</c>.</summary>
internal static class TargetText
{
    /// <summary>Reads address, port and protocol; TCP when none is given.</summary>
    public static Target Read(string text)
    {
        var parts = text.Split('/', 2);
        var protocol = parts.ElementAtOrDefault(1)?.ToUpperInvariant() switch
        {
            null or "TCP" => TransportProtocol.Tcp,
            "UDP" => TransportProtocol.Udp,
            _ => throw new FormatException("the protocol must be tcp or udp"),
        };
        return new Target(EndPointText.Read(parts[0]), protocol);
    }
}
