using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading.Objects;

/// <summary>Makes a Pod of its tree: what makes it an endpoint.</summary>
internal static class PodReader
{
    /// <summary>The Pod in <paramref name="root"/>.</summary>
    public static Pod Read(MappingNode root)
    {
        var (spec, status) = (root.Object("spec"), root.Object("status"));
        var addresses = status.Objects("podIPs", ip => ip.Text("ip") ?? "");
        return new()
        {
            Metadata = ObjectReader.ReadMetadata(root),
            PodIPs = addresses.Count == 0 && status.Text("podIP") is { Length: > 0 } address ? [address] : addresses,
            Phase = status.Text("phase") ?? "",
            Ready = ReadReady(status),
            NodeName = spec.Text("nodeName"),
            Hostname = spec.Text("hostname"),
            Subdomain = spec.Text("subdomain"),
            Ports = Containers(spec).SelectMany(c => c.Objects("ports", ReadPort)).ToEquatableArray(),
        };
    }

    // Of the init containers only those that keep running can serve.
    private static IEnumerable<MappingNode> Containers(MappingNode? spec) =>
        spec.Objects("containers", c => c).Concat(
            spec.Objects("initContainers", c => c).Where(c => c.Text("restartPolicy") == "Always"));

    private static bool? ReadReady(MappingNode? status)
    {
        var conditions = status.Objects("conditions", c => (Type: c.Text("type"), Status: c.Text("status")));
        return conditions.Where(c => c.Type == "Ready").Select(c => (bool?)(c.Status == "True")).FirstOrDefault();
    }

    private static ContainerPort ReadPort(MappingNode port) =>
        new(port.Text("name") ?? "", port.Text("protocol") ?? "TCP", port.Int32("containerPort") ?? 0);
}
