using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Informers;

public sealed class FallbackInformerTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly ScriptedApi<EndpointSlice> _sliceApi = new();
    private readonly ScriptedApi<Endpoints> _endpointsApi = new();
    private readonly List<string> _changes = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Informer<EndpointSlice> _slices;
    private readonly FallbackInformer<EndpointSlice, Endpoints> _fallback;
    private Task _running = Task.CompletedTask;

    public FallbackInformerTests()
    {
        var log = new ListInformerLog();
        _slices = new(_sliceApi, Resources.EndpointSlices, ApiScope.All, _time, static () => 0, log);
        _fallback = new(_slices, new(_endpointsApi, Resources.Endpoints, ApiScope.All, _time, static () => 0, log));
        _fallback.Changed += change => _changes.Add($"{(change.After is null ? "-" : "+")}{change.Name}");
    }

    public ValueTask InitializeAsync()
    {
        _running = Task.WhenAll(_slices.RunAsync(_stop.Token), _fallback.RunAsync(_stop.Token));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task Where_the_better_kind_exists_the_other_is_never_asked_for()
    {
        var waiting = _fallback.WaitForSyncAsync(TestContext.Current.CancellationToken);
        var list = await _sliceApi.NextListAsync();
        Assert.False(_fallback.HasSynced);
        Assert.False(waiting.IsCompleted);
        list.Answer("10");
        await waiting;
        await _sliceApi.NextWatchAsync("10");
        Assert.True(_fallback.HasSynced);
        Assert.Empty(_fallback.Items);
        Assert.False(_endpointsApi.IsAsked);
    }

    [Fact]
    public async Task Where_it_does_not_the_other_is_followed_until_it_does()
    {
        var waiting = _fallback.WaitForSyncAsync(TestContext.Current.CancellationToken);
        (await _sliceApi.NextListAsync()).Fail(404, "NotFound");
        var list = await _endpointsApi.NextListAsync();
        Assert.True(_slices.HasSynced);
        Assert.False(_fallback.HasSynced);
        list.Answer("10", new Endpoints { Metadata = new() { Name = "a" } }, new Endpoints { Metadata = new() { Name = "b" } });
        await waiting;
        await _endpointsApi.NextWatchAsync("10");
        Assert.Equal(2, _fallback.Items.Count);
        Assert.NotNull(_fallback.Find(new("default", "a")));

        await Eventually.EqualsAsync(1, () => _time.TimersWaiting, "pauses");
        _time.Advance(TimeSpan.FromSeconds(30));
        (await _sliceApi.NextListAsync()).Answer("20");
        await _sliceApi.NextWatchAsync("20");
        await Eventually.EqualsAsync(0, () => _fallback.Items.Count, "objects");
        await Eventually.EqualsAsync(4, () => _changes.Count, "changes"); // Told of after the objects show it.
        Assert.Equal(["+default/a", "+default/b", "-default/a", "-default/b"], _changes.Order());
        Assert.True(_fallback.HasSynced);
        Assert.False(_endpointsApi.IsAsked);
    }
}
