using L4Lb.Engine.Desired;

namespace L4Lb.Host.Cli.Values;

/// <summary>The values of <c>--udp</c>: <c>requests=1,responses=1</c>, <c>per-datagram</c>.</summary>
internal static class DatagramText
{
    /// <summary>Reads what a UDP flow is.</summary>
    public static DatagramSpec Read(string text) =>
        K8s.Annotations.DatagramText.Parse(text, out var datagrams) is { } problem ? throw new FormatException(problem) : datagrams;
}
