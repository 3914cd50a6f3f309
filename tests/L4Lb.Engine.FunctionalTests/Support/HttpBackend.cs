using System.Net;
using System.Text;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>A backend that answers every HTTP request with the status that the test sets for its path, and with its name.</summary>
internal sealed class HttpBackend(byte name)
{
    private volatile int _status = 200;
    private int _checks;

    /// <summary>Status of <c>/healthz</c>; every other path is always 200.</summary>
    internal int HealthStatus
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>Requests for <c>/healthz</c>.</summary>
    internal int Checks => Volatile.Read(ref _checks);

    /// <summary>Starts it.</summary>
    internal LoopbackBackend Start() => LoopbackBackend.Serving(ServeAsync);

    /// <summary>Asks whoever listens on <paramref name="address"/> for its name.</summary>
    internal static async Task<byte> AskAsync(IPEndPoint address)
    {
        using var client = await TestConnection.ConnectAsync(address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray());
        var answer = new byte[1024];
        var length = 0;
        while (await client.ReceiveAsync(answer.AsMemory(length)) is var count and > 0)
        {
            length += count;
        }

        Assert.StartsWith("HTTP/1.1 200 ", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        return answer[length - 1];
    }

    private async Task ServeAsync(TestConnection connection)
    {
        var request = new StringBuilder();
        var buffer = new byte[1024];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await connection.ReceiveAsync(buffer);
            if (count == 0)
            {
                return;
            }

            request.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        var isCheck = request.ToString().StartsWith("GET /healthz ", StringComparison.Ordinal);
        if (isCheck)
        {
            Interlocked.Increment(ref _checks);
        }

        var status = isCheck ? HealthStatus : 200;
        byte[] answer = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Status\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"), name];
        await connection.SendAsync(answer);
        connection.FinishSending();
    }
}
