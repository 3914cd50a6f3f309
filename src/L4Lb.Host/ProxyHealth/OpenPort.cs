using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace L4Lb.Host.ProxyHealth;

/// <summary>A port that is listened on until it is disposed of, which ends its connections too.</summary>
internal sealed class OpenPort : IAsyncDisposable
{
    private const int Backlog = 128;

    // A process without descriptors left gets some back sooner or later; until then accepting would only spin.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    /// <summary>Starts to listen.</summary>
    /// <param name="endPoint">Where; <c>[::]</c> is every address of both families.</param>
    /// <param name="answer">Answers requests.</param>
    /// <param name="connections">Makes connections of sockets.</param>
    /// <param name="accepted">Takes the connections.</param>
    /// <exception cref="SocketException">It cannot.</exception>
    public OpenPort(
        IPEndPoint endPoint,
        RequestDelegate answer,
        SocketConnectionContextFactory connections,
        ChannelWriter<ConnectionContext> accepted)
    {
        Answer = answer;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = AcceptAsync(connections, accepted);
    }

    /// <summary>Where it listens; a port that was 0 is filled in.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Answers requests.</summary>
    public RequestDelegate Answer { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Dispose();
        await _accepting;
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();
        }

        _closing.Dispose();
    }

    private async Task AcceptAsync(SocketConnectionContextFactory connections, ChannelWriter<ConnectionContext> accepted)
    {
        try
        {
            while (true)
            {
                try
                {
                    var socket = await _socket.AcceptAsync(_closing.Token);
                    socket.NoDelay = true;
                    var connection = connections.Create(socket);
                    Remember(connection);
                    connection.Features.Set(this);
                    if (!accepted.TryWrite(connection))
                    {
                        connection.Abort(); // The server has ended.
                    }
                }
                catch (SocketException e) when (!_closing.IsCancellationRequested)
                {
                    // One client gave up before it was its turn; or there are no descriptors left.
                    if (e.SocketErrorCode != SocketError.ConnectionAborted)
                    {
                        await Task.Delay(s_pause, _closing.Token);
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Closed.
        }
    }

    private void Remember(ConnectionContext connection)
    {
        _connections[connection] = true;
        connection.ConnectionClosed.Register(() => _connections.TryRemove(connection, out _));
    }
}
