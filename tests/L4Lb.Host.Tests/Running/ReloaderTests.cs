using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Running;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;
using Microsoft.Extensions.Logging;
using static L4Lb.Host.Tests.Support.States;

namespace L4Lb.Host.Tests.Running;

public sealed class ReloaderTests : IAsyncDisposable
{
    private readonly FakeSource _source = new();
    private readonly FakeDataPlane _dataPlane = new();
    private readonly ListLogger _logger = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Reloader _reloader;
    private readonly Task _running;

    public ReloaderTests()
    {
        var pipeline = new ConfigurationPipeline(_source, _dataPlane, new NoAddressHolder(), new InstanceStatus());
        _reloader = new Reloader(pipeline, _dataPlane, new DiagnosticReporter(_logger), _logger);
        _running = _reloader.RunAsync(_end.Token);
    }

    [Fact]
    public async Task Errors_are_logged_each_and_the_last_good_state_stays()
    {
        _source.Next = new(Of(Service("web")), []);
        await ReloadAsync(200);
        _source.Next = new(null, [FakeSource.Error("bad"), FakeSource.Error("worse")]);

        await ReloadAsync(201);

        Assert.Equal(["a.yaml:3: spec.ports: bad", "a.yaml:3: spec.ports: worse"], _logger.TextsOf(202));
        Assert.Equal("web", _dataPlane.Desired.Services[0].Key.Name);
    }

    [Fact]
    public async Task A_warning_is_logged_when_it_is_new()
    {
        _source.Next = new(Of(), [FakeSource.Warning("odd")]);
        await ReloadAsync(200);
        await ReloadAsync(200);
        _source.Next = new(Of(), [FakeSource.Warning("odd"), FakeSource.Warning("odder")]);
        await ReloadAsync(200);

        Assert.Equal(["a.yaml:4: warning: odd", "a.yaml:4: warning: odder"], _logger.TextsOf(203));
    }

    [Fact]
    public async Task An_error_that_keeps_nothing_from_being_in_force_is_logged_when_it_is_new()
    {
        _source.Next = new(Of(), [FakeSource.Error("bad")]);
        await ReloadAsync(200);
        _source.Next = new(Of(), [FakeSource.Error("bad"), FakeSource.Warning("odd")]);
        await ReloadAsync(200);
        _source.Next = new(Of(), []);
        await ReloadAsync(200);
        _source.Next = new(Of(), [FakeSource.Error("bad")]);
        await ReloadAsync(200);

        Assert.Equal(["a.yaml:3: spec.ports: bad", "a.yaml:3: spec.ports: bad"], _logger.TextsOf(202));
        Assert.Single(_logger.TextsOf(203));
    }

    [Fact]
    public async Task With_a_pause_the_first_is_carried_out_at_once_and_what_gathers_after_it_at_the_pauses_end()
    {
        var time = new ManualTime();
        var source = new FakeSource();
        using var end = new CancellationTokenSource();
        var reloader = new Reloader(
            new ConfigurationPipeline(source, _dataPlane, new NoAddressHolder(), new InstanceStatus()), _dataPlane,
            new DiagnosticReporter(_logger), _logger, TimeSpan.FromMilliseconds(10), time);
        var running = reloader.RunAsync(end.Token);

        reloader.Request("first");
        await Eventually.HoldsAsync("the pause after the first", () => time.TimersWaiting == 1);
        Assert.Equal(1, source.Loads);
        for (var i = 0; i < 100; i++)
        {
            reloader.Request("more", LogLevel.Debug);
        }

        time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Equal(1, source.Loads);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.HoldsAsync("the pause after the second", () => source.Loads == 2 && time.TimersWaiting == 1);
        time.Advance(TimeSpan.FromSeconds(1));
        reloader.Request("later");
        await Eventually.HoldsAsync("the third", () => source.Loads == 3);

        Assert.Equal(
            [LogLevel.Information, LogLevel.Debug], _logger.Entries.Where(e => e.Id == 200).Select(e => e.Level).Take(2));
        await end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_listener_that_fails_is_logged_when_it_is_new()
    {
        _dataPlane.Listeners = [new(new ServiceKey("default", "web", "http"), Listen("10.96.0.1:80"), ListenerState.Failed, "in use")];

        await ReloadAsync(200);
        await ReloadAsync(200);

        Assert.Equal(["default/web:http does not listen on 10.96.0.1:80: in use"], _logger.TextsOf(302));
    }

    [Fact]
    public async Task An_unforeseen_failure_does_not_end_the_reloading()
    {
        var good = _source.Next;
        _source.Next = null!;
        await ReloadAsync(205);
        _source.Next = good;

        await ReloadAsync(200);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task ReloadAsync(int outcome)
    {
        var before = _logger.TextsOf(outcome).Count;
        var loads = _source.Loads;
        _reloader.Request("test");
        await Eventually.HoldsAsync(
            $"a reload with outcome {outcome}",
            () => _source.Loads > loads && _logger.TextsOf(outcome).Count > before);
        // What is logged after the outcome is logged on the same turn; the next request waits for it.
        await Eventually.HoldsAsync("the rest of the log", () => _dataPlane.Listeners.Count == 0 || _logger.TextsOf(302).Count > 0);
    }
}
