using System.Collections.Immutable;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.Microbenchmarks;

/// <summary>A large cluster's worth of objects: Services with an EndpointSlice of ten endpoints each.</summary>
internal static class ManyServices
{
    private const int EndpointsPerService = 10;

    public static KubeObject[] Make(int services) =>
        [.. Enumerable.Range(0, services).SelectMany(static i => new KubeObject[] { Service(i), Slice(i, 0) })];

    public static Service Service(int i) => new()
    {
        Metadata = new() { Name = $"service-{i}" },
        Type = "ClusterIP",
        InternalTrafficPolicy = "Cluster",
        SessionAffinity = "None",
        Ports = [new() { Protocol = "TCP", Port = 80, TargetPort = new(8080, null) }],
    };

    public static EndpointSlice Slice(int i, int turn) => new()
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
