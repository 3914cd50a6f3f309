using System.Diagnostics;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Three nginx behind one Service: who is taken out, how soon, and what clients notice.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    // A tenth of jitter, one check's time, and a busy machine.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_backend_that_answers_TCP_but_fails_HTTP_leaves_within_fall_times_interval_and_is_back_after_rise_times_interval()
    {
        await using var site = await ThreeBackends.StartAsync(["--log-level", "debug"], ("health-check", "http:/healthz,interval=500ms,fall=3,rise=2"));
        await site.L4Lb.WaitForLogAsync("is found up", times: 3);
        await AllServeAsync(site);

        var clock = Stopwatch.StartNew();
        site.Backends[1].SetHealthy(false);
        await site.L4Lb.WaitForLogAsync("is down: L7STS 404, 3 checks failed");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, (3 * s_interval) + s_slack);
        await Eventually.HoldsAsync("it gets no new sessions", async () => !(await site.AskAsync(6)).Contains("127.0.0.12"));
        Assert.DoesNotContain("127.0.0.12", await site.AskAsync(60));

        clock.Restart();
        site.Backends[1].SetHealthy(true);
        await site.L4Lb.WaitForLogAsync("is up: L7OK 200, 2 checks passed");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, (2 * s_interval) + s_slack);
        await AllServeAsync(site);
    }

    [Fact]
    public async Task A_backend_that_refuses_is_ejected_without_one_client_error_and_returns()
    {
        await using var site = await ThreeBackends.StartAsync(("outlier-detection", "consecutive=3,ejection=2s"));
        await AllServeAsync(site);

        await site.Backends[1].KillAsync();
        var answers = await site.AskAsync(60); // Throws on any error.
        Assert.DoesNotContain("127.0.0.12", answers);
        await site.L4Lb.WaitForLogAsync("connects in a row failed");

        await site.Backends[1].StartAgainAsync();
        await site.L4Lb.WaitForLogAsync("is in use again after its ejection");
        await AllServeAsync(site);
    }

    private static Task AllServeAsync(ThreeBackends site) =>
        Eventually.HoldsAsync("all three serve", async () => (await site.AskAsync(9)).Distinct().Count() == 3);
}
