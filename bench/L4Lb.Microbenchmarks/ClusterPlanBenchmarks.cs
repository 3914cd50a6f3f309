using BenchmarkDotNet.Attributes;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;

namespace L4Lb.Microbenchmarks;

/// <summary>
/// Planning for a cluster, where an informer tells what changed: from nothing, after one EndpointSlice of many changed, and after
/// one Service did that moves to another port, for which all addresses are given out anew.
/// </summary>
[MemoryDiagnoser]
public class ClusterPlanBenchmarks
{
    private (Service Service, EndpointSlice Slice)[] _objects = [];
    private ClusterPlanner _planner = NewPlanner();
    private int _turn;

    [Params(10_000)]
    public int Services { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _objects = [.. Enumerable.Range(0, Services).Select(static i => (InCluster(i), ManyServices.Slice(i, 0)))];
        _planner = Fill(NewPlanner());
        if (_planner.Plan().Desired.Services.Count != Services)
        {
            throw new InvalidOperationException("the plan is not complete");
        }
    }

    [Benchmark]
    public ClusterPlan FirstPlan() => Fill(NewPlanner()).Plan();

    [Benchmark]
    public ClusterPlan OneSliceChanged()
    {
        var slice = ManyServices.Slice(_turn % Services, 1 + (_turn++ / Services)); // Never the same twice.
        _planner.SetSlice(slice.Metadata.ObjectName, slice);
        return _planner.Plan();
    }

    [Benchmark]
    public ClusterPlan OneServiceMoved()
    {
        var service = InCluster(0) with { Ports = [new() { Protocol = "TCP", Port = 80 + (++_turn % 2) }] };
        _planner.SetService(service.Metadata.ObjectName, service);
        return _planner.Plan();
    }

    private static ClusterPlanner NewPlanner() => new(new() { Serve = ServeKinds.ClusterIP });

    private static Service InCluster(int i)
    {
        var address = $"10.96.{i / 250}.{1 + (i % 250)}";
        return ManyServices.Service(i) with { ClusterIP = address, ClusterIPs = [address], IPFamilies = ["IPv4"] };
    }

    private ClusterPlanner Fill(ClusterPlanner planner)
    {
        foreach (var (service, slice) in _objects)
        {
            planner.SetService(service.Metadata.ObjectName, service);
            planner.SetSlice(slice.Metadata.ObjectName, slice);
        }

        return planner;
    }
}
