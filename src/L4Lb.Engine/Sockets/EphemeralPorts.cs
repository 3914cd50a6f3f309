using System.Globalization;

namespace L4Lb.Engine.Sockets;

/// <summary>The ports that the kernel gives to sockets which do not ask for one (ip(7), ip_local_port_range).</summary>
internal static class EphemeralPorts
{
    // What the kernel has unless it is told otherwise.
    private const int Usual = 60999 - 32768 + 1;

    /// <summary>
    /// How many there are in this network namespace. Every UDP flow takes one, whatever its backend: unlike a connect of
    /// TCP, one of UDP does not share a port with a socket that goes elsewhere (Linux net/ipv4/udp.c, udp_lib_get_port).
    /// </summary>
    internal static int Count()
    {
        try
        {
            return Count(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Usual;
        }
    }

    /// <summary>The same of what that file says: two numbers, both included.</summary>
    internal static int Count(string range)
    {
        var ends = range.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return ends.Length == 2 && Parse(ends[0], out var first) && Parse(ends[1], out var last) && first <= last
            ? last - first + 1
            : Usual;
    }

    private static bool Parse(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
