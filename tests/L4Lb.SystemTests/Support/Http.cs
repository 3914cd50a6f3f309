using System.Net;
using System.Net.Sockets;
using System.Text;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// HTTP/1.1 over one plain socket, kept alive or not: what a client does, it does visibly, and nothing is tried twice
/// behind a test's back.
/// </summary>
internal sealed class Http : IDisposable
{
    private static readonly byte[] s_get = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray();
    private static readonly byte[] s_getAndClose = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4096];

    private Http(Socket socket) => _socket = socket;

    /// <summary>Connects, from a given address where that matters.</summary>
    public static async Task<Http> ConnectAsync(IPEndPoint to, IPAddress? from = null, TimeSpan? patience = null)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = new CancellationTokenSource(patience ?? Eventually.Deadline);
        try
        {
            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(to, deadline.Token);
            return new Http(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One request on a connection of its own; returns the body.</summary>
    public static async Task<string> GetAsync(IPEndPoint to, IPAddress? from = null, TimeSpan? patience = null)
    {
        using var http = await ConnectAsync(to, from, patience);
        return await http.GetAsync(keepAlive: false, patience);
    }

    /// <summary>One request; returns the body.</summary>
    /// <exception cref="SocketException">The connection was reset, or ended before the answer was whole.</exception>
    public async Task<string> GetAsync(bool keepAlive, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Eventually.Deadline);
        await _socket.SendAsync(keepAlive ? s_get : s_getAndClose, deadline.Token);
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), deadline.Token);
            if (read == 0)
            {
                throw new SocketException((int)SocketError.ConnectionAborted, $"the answer ended after {length} bytes");
            }

            length += read;
            if (TryParse(_buffer.AsSpan(0, length), out var body))
            {
                return body;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool TryParse(ReadOnlySpan<byte> answer, out string body)
    {
        body = "";
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = Encoding.ASCII.GetString(answer[..end]);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        const string Field = "Content-Length: ";
        var length = int.Parse(head.Split("\r\n").Single(l => l.StartsWith(Field, StringComparison.Ordinal))[Field.Length..]);
        var content = answer[(end + 4)..];
        if (content.Length < length)
        {
            return false;
        }

        body = Encoding.ASCII.GetString(content[..length]);
        return true;
    }
}
