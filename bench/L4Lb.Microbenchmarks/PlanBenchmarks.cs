using BenchmarkDotNet.Attributes;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;

namespace L4Lb.Microbenchmarks;

/// <summary>
/// Planning without a cluster: from nothing, again when one EndpointSlice of many changed, and again when one
/// Service changed, which gives out all addresses anew.
/// </summary>
[MemoryDiagnoser]
public class PlanBenchmarks
{
    private KubeObject[] _objects = [];
    private StandaloneControlPlane _plane = new(new());
    private int _turn;

    [Params(10_000)]
    public int Services { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _objects = ManyServices.Make(Services);
        _plane = new(new() { Seed = 1 });
        if (_plane.MakePlan(_objects).HasErrors)
        {
            throw new InvalidOperationException("the plan has errors");
        }
    }

    [Benchmark]
    public Plan FirstPlan() => new StandaloneControlPlane(new() { Seed = 1 }).MakePlan(_objects);

    [Benchmark]
    public Plan OneSliceChanged()
    {
        _objects[(2 * (_turn % Services)) + 1] = ManyServices.Slice(_turn % Services, ++_turn);
        return _plane.MakePlan(_objects);
    }

    [Benchmark]
    public Plan OneServiceChanged()
    {
        _turn++;
        _objects[0] = ManyServices.Service(0) with { SessionAffinity = _turn % 2 == 0 ? "None" : "ClientIP" };
        return _plane.MakePlan(_objects);
    }
}
