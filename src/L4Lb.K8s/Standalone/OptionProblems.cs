using System.Net.Sockets;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.K8s.Standalone;

/// <summary>Checks what the command line says, which no manifest can put right.</summary>
internal static class OptionProblems
{
    // As in the API server: beyond it, addresses have no meaning that a person could read.
    private const int ShortestIPv6Prefix = 64;

    /// <summary>Adds every reason why nothing can be planned with <paramref name="options"/>.</summary>
    public static void Find(StandaloneOptions options, List<Diagnostic> diagnostics)
    {
        var families = options.ServiceCidrs.Select(static c => c.BaseAddress.AddressFamily).ToList();
        if (families.Count == 0 || families.Distinct().Count() < families.Count)
        {
            Refuse("--service-cidr", "give one range, or one of each IP family", diagnostics);
        }

        foreach (var cidr in options.ServiceCidrs)
        {
            if (cidr.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 && cidr.PrefixLength < ShortestIPv6Prefix)
            {
                Refuse("--service-cidr", $"{cidr}: the shortest prefix length of an IPv6 range is {ShortestIPv6Prefix}", diagnostics);
            }
        }

        var (first, last) = options.NodePortRange;
        if (first < 1 || last > 65535 || first > last)
        {
            Refuse("--node-port-range", $"{first}-{last} is not a range of ports from 1 to 65535", diagnostics);
        }
    }

    private static void Refuse(string option, string message, List<Diagnostic> diagnostics) =>
        diagnostics.Add(new(Severity.Error, "", 0, option, message));
}
