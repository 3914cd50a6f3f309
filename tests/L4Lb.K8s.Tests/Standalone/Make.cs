using System.Collections.Immutable;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Standalone;

/// <summary>Objects as the reader hands them over: defaulted and valid.</summary>
internal static class Make
{
    public static Service Service(string name, string type = "ClusterIP", string @namespace = "default") => new()
    {
        Metadata = new() { Name = name, Namespace = @namespace },
        Type = type,
        Ports = [Port(80, 8080)],
        SessionAffinity = "None",
        InternalTrafficPolicy = type == "ExternalName" ? null : "Cluster",
        ExternalTrafficPolicy = type is "NodePort" or "LoadBalancer" ? "Cluster" : "",
        AllocateLoadBalancerNodePorts = type == "LoadBalancer" ? true : null,
    };

    public static ServicePort Port(int port, int target = 0, string name = "", string protocol = "TCP", int nodePort = 0) => new()
    {
        Name = name,
        Protocol = protocol,
        Port = port,
        TargetPort = new(target == 0 ? port : target, null),
        NodePort = nodePort,
    };

    public static Service ClusterIP(this Service service, params string[] addresses) =>
        service with { ClusterIP = addresses[0], ClusterIPs = [.. addresses] };

    public static Service Selecting(this Service service, string label, string value) =>
        service with { Selector = [KeyValuePair.Create(label, value)] };

    public static T Annotated<T>(this T item, string name, string value)
        where T : KubeObject =>
        item with { Metadata = item.Metadata with { Annotations = item.Metadata.Annotations.SetItem(name, value) } };

    public static T Labelled<T>(this T item, string name, string value)
        where T : KubeObject =>
        item with { Metadata = item.Metadata with { Labels = item.Metadata.Labels.SetItem(name, value) } };

    public static EndpointSlice Slice(string service, params string[] addresses) => new()
    {
        Metadata = new()
        {
            Name = $"{service}-1",
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add(EndpointSlice.ServiceNameLabel, service),
        },
        AddressType = addresses.Length > 0 && addresses[0].Contains(':') ? "IPv6" : "IPv4",
        Ports = [new(null, "TCP", 8080, null)],
        Endpoints = addresses.Select(static a => new Endpoint { Addresses = [a] }).ToEquatableArray(),
    };

    public static Pod Pod(string name, string ip, string label = "app", string value = "web") => new Pod
    {
        Metadata = new() { Name = name },
        PodIPs = [ip],
    }.Labelled(label, value);
}
