using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Three nginx behind one Service: who answers, and what clients notice when some of them die.</summary>
public sealed class RoundRobinAndFailureTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly List<Nginx> _backends = [];
    private L4LbProcess _l4lb = null!;

    public async ValueTask InitializeAsync()
    {
        Requirements.Nginx();
        try
        {
            await StartAllAsync();
        }
        catch
        {
            await DisposeAsync(); // Nobody else does, when this fails.
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_l4lb is not null)
        {
            await _l4lb.DisposeAsync();
        }

        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Round_robin_gives_each_of_three_backends_exactly_a_third()
    {
        var answers = await AskAsync(300);

        Assert.Equal([("127.0.0.11", 100), ("127.0.0.12", 100), ("127.0.0.13", 100)], Count(answers));
    }

    [Fact]
    public async Task A_killed_backend_costs_no_client_an_error()
    {
        await _backends[1].KillAsync();

        var answers = await AskAsync(600); // Throws on any error.

        Assert.Equal(["127.0.0.11", "127.0.0.13"], Count(answers).Select(c => c.Address));
    }

    [Fact]
    public async Task Without_any_live_backend_a_client_is_told_at_once_and_the_first_one_back_serves_at_once()
    {
        foreach (var backend in _backends)
        {
            await backend.KillAsync();
        }

        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<SocketException>(() => Http.GetAsync(_service));

        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"the client had to wait for {clock.Elapsed}");

        await _backends[2].StartAgainAsync();

        Assert.All(await AskAsync(30), answer => Assert.Equal("127.0.0.13", answer));
    }

    private async Task StartAllAsync()
    {
        var port = Loopback.FreePort();
        IPEndPoint[] endpoints = [.. Enumerable.Range(11, 3).Select(i => new IPEndPoint(IPAddress.Parse($"127.0.0.{i}"), port))];
        foreach (var endpoint in endpoints)
        {
            _backends.Add(await Nginx.StartAsync(endpoint));
        }

        var manifest = _folder.Write(
            "web.yaml", Manifest.Of(Manifest.Service("web", _service), Manifest.Slice("web", _service.Port, endpoints)));
        _l4lb = await L4LbProcess.StartAsync("-f", manifest, "--serve", "ExternalIPs");
    }

    private static IEnumerable<(string Address, int Count)> Count(IEnumerable<string> answers) =>
        answers.CountBy(a => a).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value));

    private async Task<IReadOnlyList<string>> AskAsync(int times)
    {
        var answers = new List<string>();
        for (var i = 0; i < times; i++)
        {
            answers.Add(await Http.GetAsync(_service));
        }

        return answers;
    }
}
