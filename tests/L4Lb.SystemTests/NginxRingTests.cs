using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>
/// <c>ring</c> beside real nginx with <c>hash $remote_addr consistent</c>, with the same servers and the same clients: who
/// moves from one to the other moves no client.
/// </summary>
public sealed class NginxRingTests : IAsyncDisposable
{
    private const int Clients = 400;

    private static readonly int[] s_weights = [4, 3, 2, 1, 1];

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint[] _backends;

    public NginxRingTests()
    {
        var port = Loopback.FreePort();
        _backends = [.. s_weights.Select((_, i) => new IPEndPoint(IPAddress.Parse($"127.0.0.{11 + i}"), port))];
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public Task Every_client_gets_the_backend_that_nginx_gives_it() => AssertAgreeAsync(_backends);

    /// <summary>Both try the dead backend first and then go on to the next point of the ring.</summary>
    [Fact]
    public Task Clients_of_a_dead_backend_get_the_one_that_nginx_goes_on_to() => AssertAgreeAsync(_backends[1..]);

    private static IEnumerable<IPAddress> Addresses() =>
        Enumerable.Range(0, Clients).Select(i => new IPAddress([127, (byte)(1 + (i * 37 % 199)), (byte)(i * 7 % 251), (byte)(1 + (i % 250))]));

    private async Task AssertAgreeAsync(IPEndPoint[] alive)
    {
        Requirements.Nginx();
        await using var web = await Nginx.StartAsync(alive);
        await using var nginx = await NginxRing.StartAsync(_backends.Zip(s_weights));
        await using var l4lb = await StartAsync();

        var answers = new List<(IPAddress Client, string Nginx, string L4Lb)>();
        foreach (var client in Addresses())
        {
            answers.Add((client, await Http.GetAsync(nginx.EndPoint, client), await Http.GetAsync(_service, client)));
        }

        Assert.All(answers, answer => Assert.True(answer.Nginx == answer.L4Lb, answer.ToString()));
        Assert.Equal(
            alive.Select(backend => backend.Address.ToString()),
            answers.Select(answer => answer.L4Lb).Distinct().Order(StringComparer.Ordinal));
    }

    private Task<L4LbProcess> StartAsync()
    {
        var weights = string.Join(',', _backends.Zip(s_weights, static (backend, weight) => $"{backend.Address}={weight}"));
        var manifest = _folder.Write("web.yaml", Manifest.Of(
            Manifest.Service("web", _service, ("scheduler", "ring"), ("weights", weights)),
            Manifest.Slice("web", _service.Port, _backends)));
        return L4LbProcess.StartAsync("-f", manifest, "--serve", "ExternalIPs");
    }
}
