using L4Lb.Engine.Desired;
using L4Lb.Host.Explain;

namespace L4Lb.Host.Cli.Values;

/// <summary>The values of <c>--listen</c>: <c>tcp://127.0.0.1:8080</c>, <c>udp://127.0.0.1:53</c>; without a scheme TCP is meant.</summary>
internal static class ListenText
{
    private static readonly (string Prefix, TransportProtocol Protocol)[] s_schemes =
        [("tcp://", TransportProtocol.Tcp), ("udp://", TransportProtocol.Udp)];

    /// <summary>Reads where to listen.</summary>
    public static Target Read(string text)
    {
        foreach (var (prefix, protocol) in s_schemes)
        {
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return new Target(EndPointText.Read(text[prefix.Length..]), protocol);
            }
        }

        return text.Contains("://", StringComparison.Ordinal)
            ? throw new FormatException("must be tcp://ADDRESS:PORT or udp://ADDRESS:PORT")
            : new Target(EndPointText.Read(text));
    }
}
