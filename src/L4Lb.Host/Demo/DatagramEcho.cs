using System.Net;
using System.Net.Sockets;

namespace L4Lb.Host.Demo;

/// <summary>A backend of the demo that answers every datagram with its own name.</summary>
internal sealed class DatagramEcho : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _ending = new();
    private readonly ReadOnlyMemory<byte> _answer;
    private readonly Task _answering;

    /// <summary>Begins to answer at <paramref name="address"/>.</summary>
    /// <exception cref="SocketException">Somebody else is there.</exception>
    public DatagramEcho(IPEndPoint address, ReadOnlyMemory<byte> answer)
    {
        _answer = answer;
        try
        {
            _socket.Bind(address);
        }
        catch
        {
            _socket.Dispose();
            _ending.Dispose();
            throw;
        }

        _answering = AnswerAsync(_ending.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _ending.Dispose();
    }

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        var anyone = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, cancellationToken);
                await _socket.SendToAsync(_answer, SocketFlags.None, received.RemoteEndPoint, cancellationToken);
            }
            catch (SocketException)
            {
                // Of this datagram alone: too long, or its sender is not there any more.
            }
        }
    }
}
