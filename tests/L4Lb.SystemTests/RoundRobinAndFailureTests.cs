using System.Diagnostics;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;

namespace L4Lb.SystemTests;

/// <summary>Three nginx behind one Service: who answers, and what clients notice when some of them die.</summary>
public sealed class RoundRobinAndFailureTests : IAsyncLifetime
{
    private ThreeBackends _site = null!;

    public async ValueTask InitializeAsync() => _site = await ThreeBackends.StartAsync();

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Round_robin_gives_each_of_three_backends_exactly_a_third()
    {
        var answers = await _site.AskAsync(300);

        Assert.Equal([("127.0.0.11", 100), ("127.0.0.12", 100), ("127.0.0.13", 100)], Count(answers));
    }

    [Fact]
    public async Task A_killed_backend_costs_no_client_an_error()
    {
        await _site.Backends[1].KillAsync();

        var answers = await _site.AskAsync(600); // Throws on any error.

        Assert.Equal(["127.0.0.11", "127.0.0.13"], Count(answers).Select(c => c.Address));
    }

    [Fact]
    public async Task Without_any_live_backend_a_client_is_told_at_once_and_the_first_one_back_serves_at_once()
    {
        foreach (var backend in _site.Backends)
        {
            await backend.KillAsync();
        }

        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<SocketException>(() => _site.AskAsync());

        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"the client had to wait for {clock.Elapsed}");

        await _site.Backends[2].StartAgainAsync();

        Assert.All(await _site.AskAsync(30), answer => Assert.Equal("127.0.0.13", answer));
    }

    private static IEnumerable<(string Address, int Count)> Count(IEnumerable<string> answers) =>
        answers.CountBy(a => a).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value));
}
