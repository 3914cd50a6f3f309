using BenchmarkDotNet.Attributes;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;

namespace L4Lb.Microbenchmarks;

/// <summary>
/// From one changed endpoint of many to its being in force: planned, diffed, compiled and published by a running data
/// plane. Reading the file is not in it; <c>l4lb run</c> logs both for each reload.
/// </summary>
[MemoryDiagnoser]
public class EndpointChangeBenchmarks
{
    private KubeObject[] _objects = [];
    private StandaloneControlPlane _plane = new(new());
    private LoadBalancer? _balancer;
    private long _revision;
    private int _turn;

    [Params(100, 10_000)]
    public int Services { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _objects = ManyServices.Make(Services);
        _plane = new(new() { Seed = 1, Serve = ServeKinds.NodePort });
        _balancer = new LoadBalancer(new LoadBalancerOptions { Shards = 1 });
        _balancer.Start();
        await ApplyAsync();
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _balancer!.DisposeAsync();

    [Benchmark]
    public async Task<ApplyResult> OneEndpointChanged()
    {
        _objects[1] = ManyServices.Slice(0, ++_turn);
        var result = await ApplyAsync();
        return result.Accepted && result.Changed == 1 ? result : throw new InvalidOperationException($"{result.Changed} services changed");
    }

    private async Task<ApplyResult> ApplyAsync()
    {
        DesiredState desired = _plane.MakePlan(_objects).Desired with { Revision = ++_revision };
        return await _balancer!.ApplyAsync(desired);
    }
}
