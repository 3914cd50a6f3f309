using System.Diagnostics;
using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>A DNS server that hangs: it refuses nobody, so only a question can tell.</summary>
public sealed class UdpHealthTests : IAsyncLifetime
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(400);

    // A tenth of jitter, one check's time, and a busy machine.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);

    private TwoDnsServers _servers = null!;

    public async ValueTask InitializeAsync() => _servers = await TwoDnsServers.StartAsync();

    public ValueTask DisposeAsync() => _servers?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_server_that_hangs_leaves_its_flows_go_elsewhere_and_it_returns()
    {
        const int Clients = 20;
        // Asks who it is, as the clients do, and expects that it says so: NOERROR, one question, one answer.
        var question = string.Concat(DnsClient.Question(id: 77, DnsServer.WhoName).Select(b => $@"\\x{b:X2}"));
        await using var site = await UdpSite.StartAsync(
            IPAddress.Loopback, [], _servers.EndPoints, ["--log-level", "debug"],
            ("health-check", $@"udp:{question}/\\x85\\x80\\x00\\x01\\x00\\x01,interval=400ms,timeout=300ms,fall=3,rise=2"));
        await site.L4Lb.WaitForLogAsync("is found up", times: 2);
        var clients = Enumerable.Range(0, Clients).Select(_ => new DnsClient(site.Service)).ToList();
        var first = await Task.WhenAll(clients.Select(c => c.AskAsync()));
        Assert.InRange(first.Count(a => a == "one"), Clients / 4, Clients * 3 / 4);
        Assert.All(first, Assert.NotNull);

        var clock = Stopwatch.StartNew();
        await _servers[0].SignalAsync("STOP");
        var lost = await Task.WhenAll(clients.Select(c => c.AskAsync(TimeSpan.FromMilliseconds(200))));
        Assert.Equal(first.Select(a => a == "one" ? null : "two"), lost);
        await site.L4Lb.WaitForLogAsync("is down: L7TOUT");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, (3 * s_interval) + s_slack);

        await site.TakenOutAsync(_servers.EndPoints[0]);

        // The next datagram of each, from the same port.
        Assert.All(await Task.WhenAll(clients.Select(c => c.AskAsync())), answer => Assert.Equal("two", answer));

        clock.Restart();
        await _servers[0].SignalAsync("CONT");
        await site.L4Lb.WaitForLogAsync("is up: L7OK");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, (2 * s_interval) + s_slack);
        await Eventually.HoldsAsync("it serves new flows", async () =>
        {
            using var newcomer = new DnsClient(site.Service);
            return await newcomer.AskAsync() == "one";
        });

        clients.ForEach(client => client.Dispose());
        await site.L4Lb.StopAsync();
    }
}
