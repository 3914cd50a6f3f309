using System.Net;
using System.Net.Sockets;
using System.Text;

namespace L4Lb.Host.Tests.ProxyHealth;

/// <summary>A client that shows every byte of an answer.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    public static async Task<RawHttp> ConnectAsync(IPEndPoint server)
    {
        var http = new RawHttp();
        await http._client.ConnectAsync(server, TestContext.Current.CancellationToken);
        http._stream = http._client.GetStream();
        return http;
    }

    /// <summary>One request on a connection of its own.</summary>
    public static async Task<(string Head, string Body)> AskAsync(IPEndPoint server, string request)
    {
        using var http = await ConnectAsync(server);
        return await http.AskAsync(request);
    }

    /// <summary>The answer's head without its date, its lines in order of the alphabet after the first, and its body.</summary>
    public async Task<(string Head, string Body)> AskAsync(string request)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        var head = (await ReadHeadAsync()).Split("\r\n");
        var length = head.First(static l => l.StartsWith("Content-Length: ", StringComparison.Ordinal));
        var body = new byte[request.StartsWith("HEAD", StringComparison.Ordinal) ? 0 : int.Parse(length.AsSpan(16))];
        await _stream.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
        var headers = head.Skip(1).Where(static l => !l.StartsWith("Date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return (string.Join('\n', headers.Prepend(head[0])), Encoding.UTF8.GetString(body));
    }

    /// <summary>Whether the server has ended the connection.</summary>
    public async Task<bool> IsEndedAsync()
    {
        try
        {
            return await _stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _client.Dispose();
    }

    private async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
            head.Append((char)one[0]);
        }

        return head.ToString()[..^4];
    }
}
