using System.Net.Sockets;
using System.Text;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Admin;

/// <summary>Nothing that anybody sends makes the server fail.</summary>
public sealed class FuzzTests
{
    private const int Requests = 3000;

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO"];

    private static readonly string[] s_parts =
    [
        "api", "v1", "services", "backends", "sessions", "flows", "affinity", "listeners", "pools", "events", "stream", "reload", "status",
        "shop", "web", "127.0.0.1:80", "[::1]:80", "drain", "enable", "weight", "..", "%2e%2e", "%00", "%ff", "%2f", "", ".", "0", "-1",
        "99999999999999999999", "openapi", "v1.json", "{id}", "ü", "a".PadRight(300, 'a'), "healthz", "readyz", "metrics", ";", "*",
    ];

    private static readonly string[] s_queries =
    [
        "limit=5", "limit=-5", "limit=99999999999", "limit=", "after=1", "after=x", "service=shop/web", "service=/", "service=%00", "backend=1",
        "backend=127.0.0.1:80", "client=0/0", "client=::/0", "port=%F0%9F", "topics=events", "topics=,", "topics=x", "interval=1s", "interval=1e9",
        "kind=health", "level=9", "level=warning", "about=%", "&&&", "=", "limit=1&limit=2", "service=a&service=b/c",
    ];

    private static readonly string[] s_bodies =
    [
        "", "{", "[]", "null", "{\"weight\":1}", "{\"weight\":-1}", "{\"weight\":1e400}", "{\"weight\":{}}", "{\"weight\":null}", "\0\0\0",
        "{\"weight\":1,\"weight\":2}", new('[', 5000), "{\"weight\":" + new string('9', 5000) + "}", new(' ', 70_000), "ÿþ",
    ];

    [Fact]
    public async Task Whatever_comes_the_answer_is_no_500_and_the_next_one_is_right()
    {
        await using var backend = LoopbackBackend.Echo();
        await using var rig = await AdminRig.StartAsync(AdminRig.Service("web", backend));
        var random = new Random(20260);
        for (var i = 0; i < Requests; i++)
        {
            var request = Build(random);
            var status = await SendAsync(rig.Address, request);
            Assert.False(status.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !status.StartsWith("HTTP/1.1 503", StringComparison.Ordinal), $"{status}\nto\n{request}");
        }

        Assert.Equal(200, (await rig.SendAsync("GET", "/api/v1/status")).Status);
        Assert.Empty(rig.Journal.Read(static e => e.Level >= Microsoft.Extensions.Logging.LogLevel.Error));
    }

    private static string Build(Random random)
    {
        T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        var isLikely = random.Next(2) == 0;
        var path = isLikely
            ? "/api/v1/" + string.Join('/', Enumerable.Range(0, 1 + random.Next(6)).Select(_ => One(s_parts)))
            : "/" + string.Join('/', Enumerable.Range(0, random.Next(8)).Select(_ => One(s_parts)));
        if (random.Next(4) == 0)
        {
            path = $"/api/v1/services/shop/web/backends/{One(s_parts)}/{One(["drain", "enable", "weight"])}";
        }

        var query = random.Next(2) == 0 ? "" : "?" + string.Join('&', Enumerable.Range(0, 1 + random.Next(3)).Select(_ => One(s_queries)));
        var body = One(s_bodies);
        var length = random.Next(20) == 0 ? One(["-1", "x", "99999999999999999999"]) : $"{Encoding.UTF8.GetByteCount(body)}";
        var type = One(["application/json", "text/plain", "", "multipart/form-data; boundary=", "application/json; charset=x"]);
        return $"{One(s_methods)} {path}{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}";
    }

    /// <summary>The first line of the answer; empty when the connection was closed without one.</summary>
    private static async Task<string> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), deadline.Token);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(deadline.Token) ?? "";
        }
        catch (IOException)
        {
            return ""; // The server closed before it had read everything.
        }
    }
}
