using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading.Objects;

/// <summary>Makes a Service of its tree, as written.</summary>
internal static class ServiceReader
{
    /// <summary>The Service in <paramref name="root"/>.</summary>
    public static Service Read(MappingNode root)
    {
        var spec = root.Object("spec");
        var status = root.Object("status");
        var clientIP = spec.Object("sessionAffinityConfig").Object("clientIP");
        return new()
        {
            Metadata = ObjectReader.ReadMetadata(root),
            Type = spec.Text("type") ?? "",
            Ports = spec.Objects("ports", ReadPort),
            Selector = spec.TextMap("selector").ToEquatableArray(),
            ClusterIP = spec.Text("clusterIP") ?? "",
            ClusterIPs = spec.Texts("clusterIPs"),
            IPFamilies = spec.Texts("ipFamilies"),
            IPFamilyPolicy = spec.Text("ipFamilyPolicy"),
            ExternalIPs = spec.Texts("externalIPs"),
            LoadBalancerIP = spec.Text("loadBalancerIP") ?? "",
            LoadBalancerClass = spec.Text("loadBalancerClass"),
            LoadBalancerSourceRanges = spec.Texts("loadBalancerSourceRanges"),
            AllocateLoadBalancerNodePorts = spec.Bool("allocateLoadBalancerNodePorts"),
            ExternalTrafficPolicy = spec.Text("externalTrafficPolicy") ?? "",
            InternalTrafficPolicy = spec.Text("internalTrafficPolicy"),
            HealthCheckNodePort = spec.Int32("healthCheckNodePort") ?? 0,
            SessionAffinity = spec.Text("sessionAffinity") ?? "",
            SessionAffinityTimeoutSeconds = clientIP.Int32("timeoutSeconds"),
            HasSessionAffinityConfig = clientIP is not null,
            PublishNotReadyAddresses = spec.Bool("publishNotReadyAddresses") ?? false,
            TrafficDistribution = spec.Text("trafficDistribution"),
            ExternalName = spec.Text("externalName") ?? "",
            Ingress = status.Object("loadBalancer").Objects("ingress", ReadIngress),
            Conditions = status.Objects("conditions", ObjectReader.ReadCondition),
        };
    }

    private static ServicePort ReadPort(MappingNode port) => new()
    {
        Name = port.Text("name") ?? "",
        Protocol = port.Text("protocol") ?? "",
        Port = port.Int32("port") ?? 0,
        TargetPort = port.IntOrString("targetPort"),
        NodePort = port.Int32("nodePort") ?? 0,
        AppProtocol = port.Text("appProtocol"),
    };

    private static LoadBalancerIngress ReadIngress(MappingNode ingress) =>
        new(ingress.Text("ip") ?? "", ingress.Text("hostname") ?? "", ingress.Text("ipMode"))
        {
            Ports = ingress.Objects("ports", static port =>
                new IngressPort(port.Int32("port") ?? 0, port.Text("protocol") ?? "", port.Text("error"))),
        };
}
