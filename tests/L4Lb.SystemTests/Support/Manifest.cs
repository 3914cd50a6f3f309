using System.Net;
using System.Net.Sockets;

namespace L4Lb.SystemTests.Support;

/// <summary>Kubernetes documents as a user writes them.</summary>
internal static class Manifest
{
    /// <summary>Several documents as one file.</summary>
    public static string Of(params IEnumerable<string> documents) => string.Join("\n---\n", documents);

    /// <summary>A Service that is reached on an external IP.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="at">Where it listens: on the addresses, and on every port, of these.</param>
    /// <param name="annotations">Annotations of ours, without the prefix.</param>
    /// <param name="spec">More fields of the spec, a line each.</param>
    public static string Service(
        string name, IEnumerable<IPEndPoint> at, IEnumerable<(string Name, string Value)>? annotations = null, params IEnumerable<string> spec) =>
        Service("TCP", name, at, annotations, spec);

    /// <summary>A Service on one address and port.</summary>
    public static string Service(string name, IPEndPoint at, params IEnumerable<(string Name, string Value)> annotations) =>
        Service(name, [at], annotations);

    /// <summary>A Service on one address and port, by UDP.</summary>
    public static string UdpService(string name, IPEndPoint at, params IEnumerable<(string Name, string Value)> annotations) =>
        Service("UDP", name, [at], annotations, [$"ipFamilies: [{Family(at)}]"]);

    /// <summary>The endpoints of a Service's port, all of them ready.</summary>
    public static string Slice(string service, int servicePort, params IEnumerable<IPEndPoint> endpoints) =>
        Slice(service, [servicePort], endpoints.Select(e => (e, true)));

    /// <summary>The endpoints of a Service, which all have one port, for those ports of the Service.</summary>
    public static string Slice(string service, IEnumerable<int> servicePorts, IEnumerable<(IPEndPoint At, bool IsReady)> endpoints) =>
        Slice("TCP", service, servicePorts, endpoints);

    /// <summary>The endpoints of a Service's UDP port, all of them ready.</summary>
    public static string UdpSlice(string service, int servicePort, params IEnumerable<IPEndPoint> endpoints) =>
        Slice("UDP", service, [servicePort], endpoints.Select(e => (e, true)));

    private static string Service(
        string protocol, string name, IEnumerable<IPEndPoint> at, IEnumerable<(string Name, string Value)>? annotations, IEnumerable<string> spec)
    {
        IPEndPoint[] endPoints = [.. at];
        return $"""
            apiVersion: v1
            kind: Service
            metadata:
              name: {name}
              annotations: {Inline((annotations ?? []).Select(a => $"\"l4lb.io/{a.Name}\": \"{a.Value}\""))}
            spec:
              externalIPs: [{string.Join(", ", endPoints.Select(e => $"\"{e.Address}\"").Distinct())}]
              ports: [{string.Join(", ", endPoints.Select(e => e.Port).Distinct().Select(p => Inline([$"name: p{p}", $"port: {p}", $"protocol: {protocol}"])))}]
              {string.Join("\n  ", spec)}
            """;
    }

    private static string Slice(
        string protocol, string service, IEnumerable<int> servicePorts, IEnumerable<(IPEndPoint At, bool IsReady)> endpoints)
    {
        (IPEndPoint At, bool IsReady)[] all = [.. endpoints];
        var port = all.Select(e => e.At.Port).Distinct().Single();
        return $"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: {service}-{port}
              labels: {Inline([$"kubernetes.io/service-name: {service}"])}
            addressType: {Family(all[0].At)}
            ports: [{string.Join(", ", servicePorts.Select(p => Inline([$"name: p{p}", $"port: {port}", $"protocol: {protocol}"])))}]
            endpoints:
            {string.Join('\n', all.Select(e => $"- {Inline([$"addresses: [\"{e.At.Address}\"]", $"conditions: {Inline([$"ready: {(e.IsReady ? "true" : "false")}"])}"])}"))}
            """;
    }

    private static string Family(IPEndPoint at) => at.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";

    private static string Inline(IEnumerable<string> fields) => $"{{{string.Join(", ", fields)}}}";
}
