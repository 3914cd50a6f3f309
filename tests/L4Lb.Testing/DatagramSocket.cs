using System.Net;
using System.Net.Sockets;

namespace L4Lb.Testing;

/// <summary>A UDP client on loopback, connected to the address that it asks: it hears from nobody else.</summary>
public sealed class DatagramSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Connects to <paramref name="endPoint"/>, from <paramref name="from"/> if given.</summary>
    public DatagramSocket(IPEndPoint endPoint, IPEndPoint? from = null)
    {
        _socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (from is not null)
        {
            _socket.Bind(from);
        }

        _socket.Connect(endPoint);
    }

    /// <summary>Its own address.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The socket, for options.</summary>
    public Socket Socket => _socket;

    /// <summary>Sends one datagram.</summary>
    public void Send(ReadOnlySpan<byte> datagram) => _socket.Send(datagram);

    /// <summary>The next datagram that comes.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var length = await _socket.ReceiveAsync(_buffer, deadline.Token);
        return _buffer[..length];
    }

    /// <summary>Sends one datagram and returns the next that comes.</summary>
    public async Task<byte[]> AskAsync(params byte[] datagram)
    {
        Send(datagram);
        return await ReceiveAsync();
    }

    /// <summary>Whether the next datagram is refused by the kernel: nobody is there.</summary>
    public async Task<bool> IsRefusedAsync()
    {
        try
        {
            Send([0]);
            await ReceiveAsync();
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();
}
