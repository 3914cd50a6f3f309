using System.Diagnostics;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;

namespace L4Lb.SystemTests;

/// <summary>Real backends that fail and recover: when they stop getting clients, and when they get them again.</summary>
public sealed class HealthTests
{
    private const string Sick = "127.0.0.12";
    private const int Rounds = 3;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_backend_that_answers_TCP_but_fails_HTTP_leaves_after_fall_checks_and_is_back_after_rise_checks()
    {
        const int Rise = 2, Fall = 3;
        await using var web = await ThreeBackends.StartAsync(("health-check", $"http:/healthz,interval=200ms,timeout=200ms,rise={Rise},fall={Fall}"));
        List<TimeSpan> left = [], back = [];
        for (var i = 0; i < Rounds; i++)
        {
            await Eventually.HoldsAsync("it serves", async () => await web.AskAsync() == Sick);
            var clock = Stopwatch.StartNew();
            web.Backends[1].SetHealthy(false);
            left.Add(await LastSeenAsync(web, clock));

            clock.Restart();
            web.Backends[1].SetHealthy(true);
            await Eventually.HoldsAsync("it serves again", async () => await web.AskAsync() == Sick);
            back.Add(clock.Elapsed);
        }

        // Half an interval of jitter and phase, and a moment to publish: the thresholds must be the cause, not a timeout.
        AssertAround((Fall * s_interval) - s_interval, (Fall * s_interval) + s_interval, left);
        AssertAround((Rise * s_interval) - s_interval, (Rise * s_interval) + s_interval, back);
    }

    [Fact]
    public async Task A_backend_that_refuses_connections_is_ejected_without_one_client_error()
    {
        const int Requests = 300, Threshold = 3;
        await using var web = await ThreeBackends.StartAsync(("outlier-detection", $"consecutive={Threshold},ejection=1m"));
        await web.Backends[1].KillAsync();

        var answers = await web.AskAsync(Requests); // Throws on any error.

        Assert.DoesNotContain(Sick, answers);
        var log = await web.AccessLogAsync(Requests);
        var retried = log.Count(line => (int)line["attempts"]! > 1);
        Assert.InRange(retried, Threshold, Threshold + 2); // Those on their way when it was ejected.
        Assert.All(log.TakeLast(Requests / 2), line => Assert.Equal(1, (int)line["attempts"]!));
    }

    [Fact]
    public async Task When_all_are_down_panic_uses_them_and_refuse_turns_clients_away()
    {
        const string Check = "http:/healthz,interval=100ms,timeout=100ms,rise=1,fall=1";
        await using var web = await ThreeBackends.StartAsync(("health-check", Check), ("when-all-down", "refuse"));
        foreach (var backend in web.Backends)
        {
            backend.SetHealthy(false);
        }

        await Eventually.HoldsAsync("clients are refused", () => IsRefusedAsync(web));

        web.WriteManifest(("health-check", Check), ("when-all-down", "panic"));
        await Eventually.HoldsAsync("clients are served", async () => !await IsRefusedAsync(web));
        Assert.Equal(3, (await web.AskAsync(30)).Distinct().Count());

        web.WriteManifest(("health-check", Check), ("when-all-down", "refuse"));
        await Eventually.HoldsAsync("clients are refused again", () => IsRefusedAsync(web));
        web.Backends[0].SetHealthy(true);
        await Eventually.HoldsAsync("the one that is back serves", async () => !await IsRefusedAsync(web));
        Assert.All(await web.AskAsync(10), answer => Assert.Equal("127.0.0.11", answer));
    }

    /// <summary>When the sick one was last seen: it must then stay away for much longer than chance allows.</summary>
    private static async Task<TimeSpan> LastSeenAsync(ThreeBackends web, Stopwatch clock)
    {
        var seen = TimeSpan.Zero;
        while (clock.Elapsed < seen + (5 * s_interval))
        {
            if (await web.AskAsync() == Sick)
            {
                seen = clock.Elapsed;
            }

            Assert.True(clock.Elapsed < Eventually.Patience, "it never left");
        }

        return seen;
    }

    /// <summary>Of several rounds the median counts: one may meet a moment when the machine does other things.</summary>
    private static void AssertAround(TimeSpan least, TimeSpan most, IEnumerable<TimeSpan> times) =>
        Assert.InRange(times.Order().ElementAt(Rounds / 2), least - (s_interval / 2), most + (2 * s_interval));

    private static async Task<bool> IsRefusedAsync(ThreeBackends web)
    {
        try
        {
            await web.AskAsync();
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return true;
        }
    }
}
