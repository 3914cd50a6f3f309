using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Demo;

/// <summary>A little traffic through one service, each request on a connection or socket of its own, from a few clients.</summary>
internal static class DemoTraffic
{
    /// <summary>Requests to each service.</summary>
    public const int Requests = RequestsPerClient * 3;

    private const int RequestsPerClient = 10;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    private static readonly IPAddress[] s_clients =
        [new([127, 0, 0, 1]), new([127, 0, 0, 2]), new([127, 0, 0, 3])];

    /// <summary>
    /// Sends the requests to <paramref name="service"/> and counts who answered. All clients at once, so that the
    /// schedulers which count connections have something to count; each one request after the other.
    /// </summary>
    public static async Task<TrafficResult> SendAsync(ServiceSpec service, CancellationToken cancellationToken)
    {
        var address = service.Listens[0].Address;
        Func<IPAddress, IPEndPoint, CancellationToken, Task<string>> ask =
            service.Protocol == TransportProtocol.Udp ? AskByUdpAsync : AskByHttpAsync;
        var answers = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var failures = new ConcurrentQueue<string>();
        await Task.WhenAll(s_clients.Select(async client =>
        {
            for (var i = 0; i < RequestsPerClient; i++)
            {
                try
                {
                    var answer = await ask(client, address, cancellationToken);
                    answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);
                }
                catch (Exception e) when (e is HttpRequestException or SocketException
                    || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    failures.Enqueue(e.GetBaseException().Message);
                }
            }
        }));
        return new TrafficResult(service.Key.Name, address, answers, [.. failures]);
    }

    private static async Task<string> AskByUdpAsync(IPAddress client, IPEndPoint service, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_timeout);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(client, 0));
        await socket.ConnectAsync(service, timeout.Token);
        await socket.SendAsync("hi\n"u8.ToArray(), SocketFlags.None, timeout.Token);
        var answer = new byte[64];
        var length = await socket.ReceiveAsync(answer, SocketFlags.None, timeout.Token);
        return Encoding.UTF8.GetString(answer.AsSpan(0, length)).Trim();
    }

    private static async Task<string> AskByHttpAsync(IPAddress client, IPEndPoint service, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = (_, cancel) => ConnectAsync(client, service, cancel),
        };
        using var http = new HttpClient(handler) { Timeout = s_timeout };
        return (await http.GetStringAsync(new Uri($"http://{service}/"), cancellationToken)).Trim();
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress client, IPEndPoint service, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(client, 0));
            await socket.ConnectAsync(service, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Who answered.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Address">Where it was asked.</param>
/// <param name="Answers">Number of answers by backend.</param>
/// <param name="Failures">What became of the rest.</param>
internal sealed record TrafficResult(
    string Service, IPEndPoint Address, IReadOnlyDictionary<string, int> Answers, IReadOnlyList<string> Failures);
