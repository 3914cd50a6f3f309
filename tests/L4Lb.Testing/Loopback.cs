using System.Net;
using System.Net.Sockets;

namespace L4Lb.Testing;

/// <summary>Addresses for tests; all traffic stays on this machine.</summary>
public static class Loopback
{
    // Below the ephemeral ports (32768 and up unless somebody has changed that): no socket of another test gets one of
    // these by chance between the time that it is chosen and the time that it is used. Below those of NodePorts, too.
    private const int FirstPort = 12_000;
    private const int Ports = 18_000;

    private static int s_next = Random.Shared.Next(Ports);

    /// <summary>An address and port that nothing uses now, for TCP or UDP.</summary>
    public static IPEndPoint FreeEndPoint(IPAddress? address = null)
    {
        for (var tries = 0; tries < Ports; tries++)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref s_next) % Ports);
            var endPoint = new IPEndPoint(address ?? IPAddress.Loopback, port);
            if (IsFree(endPoint, SocketType.Stream, ProtocolType.Tcp) && IsFree(endPoint, SocketType.Dgram, ProtocolType.Udp))
            {
                return endPoint;
            }
        }

        throw new InvalidOperationException($"no port of {FirstPort}…{FirstPort + Ports - 1} is free");
    }

    /// <summary>A port that nothing uses now on any address, by TCP or UDP.</summary>
    public static int FreePort() => FreeEndPoint(IPAddress.Any).Port;

    /// <summary>A socket bound to a free port.</summary>
    internal static Socket Bound(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private static bool IsFree(IPEndPoint endPoint, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(endPoint.AddressFamily, type, protocol);
        try
        {
            socket.Bind(endPoint);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
