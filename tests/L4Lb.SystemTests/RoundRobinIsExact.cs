using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

public sealed class RoundRobinIsExact
{
    [Fact]
    public async Task Three_nginx_answer_a_hundred_times_each()
    {
        await using var a = await NginxBackend.StartAsync("a");
        await using var b = await NginxBackend.StartAsync("b");
        await using var c = await NginxBackend.StartAsync("c");
        using var folder = new TestFolder();
        var listen = Loopback.FreeEndPoint(IPAddress.Parse("127.0.1.1"));
        var manifest = folder.Write(
            "web.yaml",
            Manifests.Service("web", listen) + Manifests.Endpoints("web", [a.EndPoint, b.EndPoint, c.EndPoint]));
        await using var l4lb = await L4LbProcess.RunAsync("-f", manifest);

        var answers = new Dictionary<string, int>(StringComparer.Ordinal);
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
        for (var i = 0; i < 300; i++)
        {
            var answer = await http.GetStringAsync(new Uri($"http://{listen}/"), TestContext.Current.CancellationToken);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        Assert.Equal(new() { ["a"] = 100, ["b"] = 100, ["c"] = 100 }, answers);
    }
}
