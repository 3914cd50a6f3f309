using System.Net;
using System.Net.Sockets;
using L4Lb.Host.Running;

namespace L4Lb.Host.Demo;

/// <summary>The ports of the demo, free on all of its addresses.</summary>
/// <param name="Service">Port of every service.</param>
/// <param name="Backend">Port of every backend.</param>
internal sealed record DemoPorts(int Service, int Backend)
{
    /// <summary>Ports tried, each time from where the number is easy to type.</summary>
    private const int Attempts = 1000;

    /// <summary>The addresses of the backends, as in the manifest.</summary>
    public static IReadOnlyList<IPAddress> BackendAddresses { get; } =
        [.. Enumerable.Range(1, 6).Select(i => new IPAddress([127, 96, 1, (byte)i]))];

    private static IReadOnlyList<IPAddress> ServiceAddresses { get; } =
        [.. Enumerable.Range(11, 6).Select(i => new IPAddress([127, 96, 0, (byte)i]))];

    /// <summary>Finds ports that nothing listens on.</summary>
    /// <exception cref="StartFailedException">There are none.</exception>
    public static DemoPorts Choose() => new(FirstFree(ServiceAddresses, 8080), FirstFree(BackendAddresses, 9001));

    private static int FirstFree(IReadOnlyList<IPAddress> addresses, int first)
    {
        for (var port = first; port < first + Attempts; port++)
        {
            if (addresses.All(a => IsFree(a, port, SocketType.Stream) && IsFree(a, port, SocketType.Dgram)))
            {
                return port;
            }
        }

        throw new StartFailedException($"the ports {first}…{first + Attempts - 1} are all in use on 127.96.0.0/16");
    }

    private static bool IsFree(IPAddress address, int port, SocketType type)
    {
        using var probe = new Socket(address.AddressFamily, type, ProtocolType.Unspecified);
        try
        {
            probe.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
