using System.Net;
using System.Net.Sockets;

namespace L4Lb.K8s.Tests.Client;

/// <summary>An HTTP proxy on loopback for one CONNECT, that leads to another port of loopback, whatever it is asked for.</summary>
internal sealed class TunnelProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TunnelProxy(int port)
    {
        _listener.Start();
        _ = ServeAsync(port);
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>First line of what it was asked.</summary>
    public string Request { get; private set; } = "";

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(int port)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port);
        var head = "";
        for (var one = new byte[1]; !head.EndsWith("\r\n\r\n");)
        {
            await client.GetStream().ReadExactlyAsync(one);
            head += (char)one[0];
        }

        Request = head.Split("\r\n")[0];
        await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        await Task.WhenAny(
            client.GetStream().CopyToAsync(server.GetStream()),
            server.GetStream().CopyToAsync(client.GetStream()));
    }
}
