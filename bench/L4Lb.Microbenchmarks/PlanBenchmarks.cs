using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using L4Lb.Engine.Desired;
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
    private const int EndpointsPerService = 10;

    private KubeObject[] _objects = [];
    private StandaloneControlPlane _plane = new(new());
    private int _turn;

    [Params(10_000)]
    public int Services { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _objects = [.. Enumerable.Range(0, Services).SelectMany(static i => new KubeObject[] { Service(i), Slice(i, 0) })];
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
        _objects[(2 * (_turn % Services)) + 1] = Slice(_turn % Services, ++_turn);
        return _plane.MakePlan(_objects);
    }

    [Benchmark]
    public Plan OneServiceChanged()
    {
        _turn++;
        _objects[0] = Service(0) with { SessionAffinity = _turn % 2 == 0 ? "None" : "ClientIP" };
        return _plane.MakePlan(_objects);
    }

    private static Service Service(int i) => new()
    {
        Metadata = new() { Name = $"service-{i}" },
        Type = "ClusterIP",
        InternalTrafficPolicy = "Cluster",
        SessionAffinity = "None",
        Ports = [new() { Protocol = "TCP", Port = 80, TargetPort = new(8080, null) }],
    };

    private static EndpointSlice Slice(int i, int turn) => new()
    {
        Metadata = new()
        {
            Name = $"service-{i}-abcde",
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add(EndpointSlice.ServiceNameLabel, $"service-{i}"),
        },
        AddressType = "IPv4",
        Ports = [new(null, "TCP", 8080, null)],
        Endpoints = Enumerable.Range(0, EndpointsPerService)
            .Select(e => new Endpoint { Addresses = [$"10.{1 + (i / 250)}.{i % 250}.{1 + e}"], Ready = e != turn % EndpointsPerService })
            .ToEquatableArray(),
    };
}
