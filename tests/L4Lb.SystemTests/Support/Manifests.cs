using System.Net;

namespace L4Lb.SystemTests.Support;

/// <summary>Manifests of the tests, as users write them.</summary>
internal static class Manifests
{
    /// <summary>A Service on an external IP, without selector.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="listen">External IP and port.</param>
    /// <param name="annotations">Annotations as a YAML flow map.</param>
    /// <param name="spec">Further lines of its spec, indented by two.</param>
    public static string Service(string name, IPEndPoint listen, string annotations = "{}", string spec = "") => $$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
          annotations: {{annotations}}
        spec:
          externalIPs: ["{{listen.Address}}"]
          ports: [{name: http, port: {{listen.Port}}}]
        {{spec}}
        ---

        """;

    /// <summary>Its backends, one slice for each, since each has a port of its own.</summary>
    public static string Endpoints(string service, IEnumerable<IPEndPoint> backends, bool ready = true) =>
        string.Concat(backends.Select((backend, i) => $$"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: {{service}}-{{i}}, labels: {kubernetes.io/service-name: {{service}} } }
            addressType: IPv4
            ports: [{name: http, port: {{backend.Port}}}]
            endpoints: [{addresses: ["{{backend.Address}}"], conditions: {ready: {{(ready ? "true" : "false")}} } }]
            ---

            """));
}
