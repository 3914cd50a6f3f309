using L4Lb.Engine.Desired;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.ClusterPlanning;

public sealed class ClusterSourceTests : IDisposable
{
    private readonly FakeInformer<Service> _services = new();
    private readonly FakeInformer<EndpointSlice> _slices = new();
    private readonly FakeInformer<Node> _nodes = new();
    private readonly Lazy<ClusterSource> _source;
    private int _changes;

    public ClusterSourceTests() => _source = new(() =>
    {
        var source = new ClusterSource(new(ProxyRig.Full), _services, _slices, null, _nodes);
        source.Changed += () => Interlocked.Increment(ref _changes);
        return source;
    });

    private ClusterSource Source => _source.Value;

    [Fact]
    public async Task There_is_no_plan_before_every_kind_has_synced()
    {
        var synced = Source.WaitForSyncAsync(TestContext.Current.CancellationToken);
        _services.Sync();
        _nodes.Sync();

        Assert.False(Source.HasSynced);
        Assert.False(synced.IsCompleted);
        Assert.Throws<InvalidOperationException>(Source.Plan);

        _slices.Sync();
        await synced;
        Assert.True(Source.HasSynced);
        Assert.Empty(Source.Plan().Desired.Services);
    }

    [Fact]
    public void What_was_there_before_it_listened_is_planned_too()
    {
        _services.Put(ProxyRig.Service("web")).Sync();
        _slices.Put(ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1"))).Sync();
        _nodes.Sync();

        Assert.Equal("10.0.0.1:8080", Backends());
    }

    [Fact]
    public void What_comes_between_listening_and_syncing_is_planned_too_whatever_the_order()
    {
        _slices.Put(ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));
        _ = Source;
        _slices.Put(ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.2"))).Sync();
        _nodes.Sync();
        _services.Put(ProxyRig.Service("gone")).Put(ProxyRig.Service("web")).Delete(ProxyRig.Service("gone")).Sync();

        Assert.Equal(0, _changes);
        Assert.Equal("10.0.0.2:8080", Backends());
    }

    [Fact]
    public void Much_that_changes_is_said_once_until_it_is_planned()
    {
        Sync();
        Source.Plan();
        Assert.Equal(0, _changes);

        _services.Put(ProxyRig.Service("web"));
        _slices.Put(ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));
        _slices.Put(ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.2")));
        Assert.Equal(1, _changes);
        Assert.Equal("10.0.0.2:8080", Backends());

        _slices.Delete(ProxyRig.Slice("web", "1"));
        Assert.Equal(2, _changes);
        Assert.Equal("", Backends());
    }

    [Fact]
    public void Endpoints_are_followed_where_there_are_no_slices()
    {
        var endpoints = new FakeInformer<Endpoints>();
        using var source = new ClusterSource(new(ProxyRig.Full), _services, null, endpoints, _nodes);
        _services.Put(ProxyRig.Service("web")).Sync();
        _nodes.Sync();
        Assert.False(source.HasSynced);

        endpoints.Put(new()
        {
            Metadata = new() { Name = "web" },
            Subsets = [new() { Addresses = [new("10.0.0.1", null, null, null)], Ports = [new(null, "TCP", 8080, null)] }],
        }).Sync();
        Assert.Single(source.Plan().Desired.Services[0].Backends);
    }

    [Fact]
    public void At_its_end_it_listens_no_longer()
    {
        Sync();
        Source.Plan();
        Source.Dispose();
        _services.Put(ProxyRig.Service("web"));

        Assert.Equal(0, _changes);
        Assert.False(_services.IsListenedTo || _slices.IsListenedTo || _nodes.IsListenedTo);
    }

    /// <summary>Writers that never rest; the plan that follows the last signal has everything.</summary>
    [Fact]
    public async Task Nothing_is_lost_under_churn()
    {
        const int Rounds = 2000;
        Sync();
        _services.Put(ProxyRig.Service("web"));
        using var signal = new SemaphoreSlim(1);
        Source.Changed += () => signal.Release();

        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(
            () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    _slices.Put(ProxyRig.Slice("web", $"{w}", ProxyRig.On("here", $"10.{w}.{i / 250}.{1 + (i % 250)}")));
                }
            },
            TestContext.Current.CancellationToken)).ToArray();
        var done = Task.WhenAll(writers);
        var plan = Source.Plan();
        while (!done.IsCompleted || signal.CurrentCount > 0)
        {
            if (await signal.WaitAsync(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken))
            {
                plan = Source.Plan();
            }
        }

        await done;
        const int Last = Rounds - 1;
        Assert.Equal(
            string.Join(' ', Enumerable.Range(0, 4).Select(static w => $"10.{w}.{Last / 250}.{1 + (Last % 250)}:8080")),
            string.Join(' ', plan.Desired.Services[0].Backends.Select(static b => b.Address)));
    }

    public void Dispose() => Source.Dispose();

    private void Sync()
    {
        _services.Sync();
        _slices.Sync();
        _nodes.Sync();
        _ = Source;
    }

    private string Backends() => string.Join(
        ' ', Source.Plan().Desired.Services[0].Backends.Where(static b => b.Scopes != BackendScope.None).Select(static b => b.Address));
}
