using System.Net;
using System.Net.Sockets;

namespace L4Lb.Testing;

/// <summary>Addresses for tests; all traffic stays on this machine.</summary>
public static class Loopback
{
    /// <summary>An address and port that nothing uses now.</summary>
    public static IPEndPoint FreeEndPoint(IPAddress? address = null)
    {
        using var socket = Bound(address ?? IPAddress.Loopback);
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>A socket bound to a free port.</summary>
    internal static Socket Bound(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }
}
