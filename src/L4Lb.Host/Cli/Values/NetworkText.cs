using System.Net;

namespace L4Lb.Host.Cli.Values;

/// <summary>One or more networks: <c>10.96.0.0/16</c>, <c>10.96.0.0/16,fd00::/108</c>.</summary>
internal static class NetworkText
{
    /// <summary>Reads networks separated by commas.</summary>
    public static IReadOnlyList<IPNetwork> Read(string text) => [.. text.Split(',').Select(ReadOne)];

    private static IPNetwork ReadOne(string text) => IPNetwork.TryParse(text, out var network) && HasNoHostBits(text, network)
        ? network
        : throw new FormatException("must be a network without host bits, such as 10.96.0.0/16");

    /// <summary>The framework clears them silently; whoever wrote them meant something else than it would do.</summary>
    private static bool HasNoHostBits(string text, IPNetwork network) =>
        network.BaseAddress.Equals(IPAddress.Parse(text.AsSpan(0, text.IndexOf('/'))));
}
