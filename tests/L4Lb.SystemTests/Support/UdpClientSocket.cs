using System.Net;
using System.Net.Sockets;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// A client with one source port. Its socket is connected: the kernel gives it only what comes from the very address
/// that it asked, and tells it of ICMP errors.
/// </summary>
internal sealed class UdpClientSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65536];

    public UdpClientSocket(IPEndPoint to, IPAddress? from = null)
    {
        _socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(from ?? (to.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback), 0));
        _socket.Connect(to);
    }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Sends a datagram.</summary>
    /// <exception cref="SocketException">An earlier one was refused.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> datagram) => Assert.Equal(datagram.Length, await _socket.SendAsync(datagram));

    /// <summary>The next datagram; null when none came in time.</summary>
    /// <exception cref="SocketException">One that was sent was refused.</exception>
    public async Task<byte[]?> ReceiveAsync(TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Eventually.Deadline);
        try
        {
            var length = await _socket.ReceiveAsync(_buffer, deadline.Token);
            return _buffer[..length];
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends a question to a <see cref="UdpBackend"/>; returns who answered it, or null when nobody did in time.</summary>
    public async Task<EchoAnswer?> AskAsync(string question, TimeSpan? patience = null)
    {
        await SendAsync(System.Text.Encoding.ASCII.GetBytes(question));
        while (await ReceiveAsync(patience) is { } received)
        {
            if (EchoAnswer.Parse(received) is { } answer && answer.Question == question)
            {
                return answer;
            }
        }

        return null;
    }

    public void Dispose() => _socket.Dispose();
}
