using System.Collections.Concurrent;
using System.Net;
using System.Text;
using L4Lb.Testing;

namespace L4Lb.BrowserTests.Support;

/// <summary>A web server: answers every request on a connection with 512 bytes, until the client has finished.</summary>
internal static class WebBackend
{
    private static readonly byte[] s_answer =
        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 512\r\n\r\n{new string('x', 512)}");

    private static readonly ConcurrentDictionary<IPEndPoint, long> s_requests = [];

    /// <summary>Starts one.</summary>
    public static LoopbackBackend Start(IPEndPoint at) => LoopbackBackend.Serving(connection => ServeAsync(connection, at), at: at);

    /// <summary>Requests that one has answered; connections of its checks bring none.</summary>
    public static long RequestsOf(LoopbackBackend server) => s_requests.GetValueOrDefault(server.EndPoint);

    private static async Task ServeAsync(TestConnection connection, IPEndPoint at)
    {
        var buffer = new byte[4096];
        var request = new StringBuilder();
        while (await connection.ReceiveAsync(buffer) is var read and > 0)
        {
            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
            while (request.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0)
            {
                request.Remove(0, end + 4);
                s_requests.AddOrUpdate(at, 1, static (_, count) => count + 1);
                await connection.SendAsync(s_answer);
            }
        }

        connection.FinishSending();
    }
}
