using L4Lb.K8s.Client;
using L4Lb.K8s.Provider;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>An API server that refuses, races and goes away.</summary>
public sealed class FailureTests : IAsyncDisposable
{
    private readonly ProviderRig _rig = new ProviderRig().Pool("a", "192.0.2.1-192.0.2.9");

    [Fact]
    public async Task Another_writer_who_never_stops_is_outlasted()
    {
        var left = 40;
        _rig.Spoil = (call, answer, _) =>
        {
            if (call.Kind == Kind.Service && call.IsWrite && Interlocked.Decrement(ref left) >= 0)
            {
                _rig.Annotate(call.Name.Name, "example.com/touched", $"{left}");
            }

            return Task.FromResult(answer());
        };
        _rig.Service("web").Start();
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Delete("web");
        await _rig.IsGoneAsync("web");
        Assert.True(left < 0);
        Assert.DoesNotContain(_rig.Events, static e => e.Reason == "SyncLoadBalancerFailed");
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PATCH/status")]
    public async Task A_server_that_goes_away_between_two_steps_is_waited_for(string verb)
    {
        var (away, hits) = (true, 0);
        _rig.Spoil = (call, answer, _) =>
        {
            if (call.Verb == verb && call.Kind == Kind.Service && Volatile.Read(ref away))
            {
                Interlocked.Increment(ref hits);
                throw new ApiException(new(0, ApiStatus.Unreachable, "connection refused"), call.ToString());
            }

            return Task.FromResult(answer());
        };
        _rig.Service("web").Start();
        await Eventually.HoldsAsync(() => Volatile.Read(ref hits) >= 4, () => $"{hits}");
        Assert.Equal("", _rig.AddressesOf("web"));
        Volatile.Write(ref away, false);
        await _rig.HasAsync("web", "192.0.2.1");

        _rig.Delete("web");
        await _rig.IsGoneAsync("web");
    }

    [Fact]
    public async Task A_refusal_is_told_once_and_counted()
    {
        _rig.Spoil = static (call, answer, _) => call is { Verb: "PATCH/status", Kind.Name: "Service" }
            ? throw new ApiError(403, "Forbidden", "services \"web\" is forbidden")
            : Task.FromResult(answer());
        _rig.Service("web").Start();
        await Eventually.HoldsAsync(
            () => _rig.Events.Any(static e => e is { Reason: "SyncLoadBalancerFailed", Count: >= 3 }), () => string.Join('\n', _rig.Events));
        var failed = Assert.Single(_rig.Events, static e => e.Reason == "SyncLoadBalancerFailed");
        Assert.Equal("Error syncing load balancer: PATCH/status services default/web: services \"web\" is forbidden", failed.Note);
    }

    [Fact]
    public async Task A_term_that_begins_while_the_server_is_away_begins_when_it_is_back()
    {
        var away = true;
        _rig.Spoil = (call, answer, _) => Volatile.Read(ref away)
            ? throw new ApiException(new(0, ApiStatus.Unreachable, "connection refused"), call.ToString())
            : Task.FromResult(answer());
        _rig.Service("web").Start();
        await Eventually.HoldsAsync(() => _rig.Calls.Count >= 3, () => $"{_rig.Calls.Count}");
        Volatile.Write(ref away, false);
        await _rig.HasAsync("web", "192.0.2.1");
    }

    [Fact]
    public async Task A_leader_whose_informers_lag_gives_nothing_away_twice()
    {
        _rig.Service("late");
        _rig.Start(async (services, _) =>
        {
            // What the leader before wrote last, and this one has not seen yet.
            await services.PauseAsync();
            _rig.Service("earlier");
            _rig.Patch("earlier", $$"""{"metadata": {"finalizers": ["{{ProviderRig.CleanupFinalizer}}"], "annotations": {"l4lb.io/provider": "l4lb.io/l4lb" } } }""");
            _rig.Patch(Kind.Service, "earlier", """{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1", "ipMode": "Proxy"}]}}}""", status: true);
        });
        await _rig.HasAsync("late", "192.0.2.2");
        Assert.Equal("192.0.2.1", _rig.AddressesOf("earlier"));
        _rig.Services!.Resume();
        await _rig.HasAsync("earlier", "192.0.2.1");
        await _rig.HasAsync("late", "192.0.2.2");
    }

    [Fact]
    public async Task A_leader_who_has_not_heard_of_a_pool_does_not_take_it_for_one_that_is_gone()
    {
        _rig.Service("web").Start();
        await _rig.HasAsync("web", "192.0.2.1");
        await _rig.StopAsync();

        var begun = new TaskCompletionSource();
        StoreInformer<K8s.Objects.AddressPool>? pools = null;
        _rig.Start(async (_, p) =>
        {
            pools = p;
            await p.PauseAsync();
            _rig.Pool("b", "198.51.100.1").Annotate("web", "l4lb.io/address-pool", "b");
            begun.SetResult();
        });
        await begun.Task;
        await _rig.IsQuietAsync();
        Assert.Equal("192.0.2.1", _rig.AddressesOf("web"));
        pools!.Resume();
        await _rig.HasAsync("web", "198.51.100.1");
    }

    [Fact]
    public void Retries_wait_twice_as_long_each_time()
    {
        var delay = new RetryDelay<string>();
        var refused = new ApiStatus(403, "Forbidden", "");
        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300], Enumerable.Range(0, 8).Select(_ => (int)delay.Next("a", refused).TotalSeconds));
        delay.Forget("a");
        var away = new ApiStatus(0, ApiStatus.Unreachable, "");
        Assert.Equal([5, 10, 20, 30, 30], Enumerable.Range(0, 5).Select(_ => (int)delay.Next("a", away).TotalSeconds));
        Assert.Equal(60, delay.Next("b", new(429, "TooManyRequests", "") { RetryAfter = TimeSpan.FromMinutes(1) }).TotalSeconds);
        Assert.Equal(10, delay.Next("b", new(429, "TooManyRequests", "") { RetryAfter = TimeSpan.FromSeconds(1) }).TotalSeconds);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();
}
