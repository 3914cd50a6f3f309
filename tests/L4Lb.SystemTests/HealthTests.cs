using System.Diagnostics;
using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Three nginx behind one Service: who is taken out, how soon, and what clients notice.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    // A tenth of jitter, one check's time, and a busy machine.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly List<Nginx> _backends = [];
    private L4LbProcess? _l4lb;

    public ValueTask InitializeAsync()
    {
        Requirements.Nginx();
        return ValueTask.CompletedTask;
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
    public async Task A_backend_that_answers_TCP_but_fails_HTTP_leaves_within_fall_times_interval_and_is_back_after_rise_times_interval()
    {
        await StartAsync(("health-check", "http:/healthz,interval=500ms,fall=3,rise=2"));
        await _l4lb!.WaitForLogAsync("is found up", times: 3);
        await AllServeAsync();

        var clock = Stopwatch.StartNew();
        _backends[1].SetHealthy(false);
        await _l4lb.WaitForLogAsync("is down: L7STS 404, 3 checks failed");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, (3 * s_interval) + s_slack);
        await Eventually.HoldsAsync("it gets no new sessions", async () => !(await AskAsync(6)).Contains("127.0.0.12"));
        Assert.DoesNotContain("127.0.0.12", await AskAsync(60));

        clock.Restart();
        _backends[1].SetHealthy(true);
        await _l4lb.WaitForLogAsync("is up: L7OK 200, 2 checks passed");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, (2 * s_interval) + s_slack);
        await AllServeAsync();
    }

    [Fact]
    public async Task A_backend_that_refuses_is_ejected_without_one_client_error_and_returns()
    {
        await StartAsync(("outlier-detection", "consecutive=3,ejection=2s"));
        await AllServeAsync();

        await _backends[1].KillAsync();
        var answers = await AskAsync(60); // Throws on any error.
        Assert.DoesNotContain("127.0.0.12", answers);
        await _l4lb!.WaitForLogAsync("connects in a row failed");

        await _backends[1].StartAgainAsync();
        await _l4lb.WaitForLogAsync("is in use again after its ejection");
        await AllServeAsync();
    }

    private async Task StartAsync(params IEnumerable<(string Name, string Value)> annotations)
    {
        var port = Loopback.FreePort();
        IPEndPoint[] endpoints = [.. Enumerable.Range(11, 3).Select(i => new IPEndPoint(IPAddress.Parse($"127.0.0.{i}"), port))];
        foreach (var endpoint in endpoints)
        {
            var nginx = await Nginx.StartAsync(endpoint);
            _backends.Add(nginx);
            nginx.SetHealthy(true);
        }

        var manifest = _folder.Write(
            "web.yaml", Manifest.Of(Manifest.Service("web", _service, annotations), Manifest.Slice("web", _service.Port, endpoints)));
        _l4lb = await L4LbProcess.StartAsync("-f", manifest, "--serve", "ExternalIPs", "--log-level", "debug");
    }

    private Task AllServeAsync() =>
        Eventually.HoldsAsync("all three serve", async () => (await AskAsync(9)).Distinct().Count() == 3);

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
