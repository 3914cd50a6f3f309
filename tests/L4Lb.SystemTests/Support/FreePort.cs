using System.Net;
using System.Net.Sockets;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// Ports that nobody uses. Below the range that the kernel gives to clients: a client's own port would otherwise stand
/// in the way of a listener now and then.
/// </summary>
internal static class FreePort
{
    private const int First = 20000;
    private const int Count = 9000;
    private static int s_next = Random.Shared.Next(Count);

    /// <summary>A port that is free on every address, by TCP and UDP, and that no other call gets soon.</summary>
    public static int Next()
    {
        for (var i = 0; i < Count; i++)
        {
            var port = First + (Interlocked.Increment(ref s_next) % Count);
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                tcp.Bind(new IPEndPoint(IPAddress.Any, port));
                udp.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // In use; the next one, then.
            }
        }

        throw new InvalidOperationException("no port is free");
    }
}
