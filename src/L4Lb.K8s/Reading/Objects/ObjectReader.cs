using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading.Objects;

/// <summary>Makes objects of trees, as written: neither defaulted nor validated.</summary>
internal static class ObjectReader
{
    /// <summary>A Namespace.</summary>
    public static Namespace ReadNamespace(MappingNode root) => new() { Metadata = ReadMetadata(root, isNamespaced: false) };

    /// <summary>A Node.</summary>
    public static Node ReadNode(MappingNode root)
    {
        var spec = root.Object("spec");
        var status = root.Object("status");
        var addresses = status.Objects("addresses", static a => (Type: a.Text("type"), Address: a.Text("address") ?? ""));
        var type = addresses.Any(static a => a.Type == "InternalIP") ? "InternalIP" : "ExternalIP";
        return new()
        {
            Metadata = ReadMetadata(root, isNamespaced: false),
            IsUnschedulable = spec.Bool("unschedulable") ?? false,
            Taints = spec.Objects("taints", static t => t.Text("key") ?? ""),
            Addresses = addresses.Where(a => a.Type == type).Select(static a => a.Address).ToEquatableArray(),
            IsNetworkUnavailable = status
                .Objects("conditions", static c => c.Text("type") == "NetworkUnavailable" && c.Text("status") == "True")
                .Contains(true),
        };
    }

    /// <summary>An Event.</summary>
    public static ClusterEvent ReadEvent(MappingNode root) => new() { Metadata = ReadMetadata(root) };

    /// <summary>A Lease.</summary>
    public static Lease ReadLease(MappingNode root)
    {
        var spec = root.Object("spec");
        return new()
        {
            Metadata = ReadMetadata(root),
            Holder = spec.Text("holderIdentity") ?? "",
            Duration = spec.Int32("leaseDurationSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            AcquireTime = spec.Time("acquireTime"),
            RenewTime = spec.Time("renewTime"),
            Transitions = spec.Int32("leaseTransitions") ?? 0,
        };
    }

    /// <summary>An Endpoints.</summary>
    public static Endpoints ReadEndpoints(MappingNode root) => new()
    {
        Metadata = ReadMetadata(root),
        Subsets = root.Objects("subsets", subset => new EndpointSubset
        {
            Addresses = subset.Objects("addresses", ReadAddress),
            NotReadyAddresses = subset.Objects("notReadyAddresses", ReadAddress),
            Ports = subset.Objects("ports", ReadPort),
        }),
    };

    /// <summary>An EndpointSlice.</summary>
    public static EndpointSlice ReadEndpointSlice(MappingNode root) => new()
    {
        Metadata = ReadMetadata(root),
        AddressType = root.Text("addressType") ?? "",
        Endpoints = root.Objects("endpoints", ReadEndpoint),
        Ports = root.Objects("ports", ReadPort),
    };

    /// <summary>The metadata below <paramref name="root"/>; a namespaced object that names no namespace is in <c>default</c>.</summary>
    public static ObjectMeta ReadMetadata(MappingNode root, bool isNamespaced = true)
    {
        var metadata = root.Object("metadata");
        var @namespace = metadata.Text("namespace") ?? "";
        return new()
        {
            Name = metadata.Text("name") ?? "",
            GenerateName = metadata.Text("generateName") ?? "",
            Namespace = isNamespaced && @namespace.Length == 0 ? "default" : @namespace,
            Labels = metadata.TextMap("labels"),
            Annotations = metadata.TextMap("annotations"),
            Finalizers = metadata.Texts("finalizers"),
            CreationTimestamp = metadata.Time("creationTimestamp"),
            DeletionTimestamp = metadata.Time("deletionTimestamp"),
            Uid = metadata.Text("uid") ?? "",
            ResourceVersion = metadata.Text("resourceVersion") ?? "",
            Generation = metadata.Int64("generation") ?? 0,
        };
    }

    /// <summary>A condition.</summary>
    public static Condition ReadCondition(MappingNode condition) => new(
        condition.Text("type") ?? "", condition.Text("status") ?? "", condition.Text("reason") ?? "", condition.Text("message") ?? "")
    {
        LastTransitionTime = condition.Time("lastTransitionTime"),
        ObservedGeneration = condition.Int64("observedGeneration") ?? 0,
    };

    private static Endpoint ReadEndpoint(MappingNode endpoint)
    {
        var conditions = endpoint.Object("conditions");
        var hints = endpoint.Object("hints");
        return new()
        {
            Addresses = endpoint.Texts("addresses"),
            Ready = conditions.Bool("ready"),
            Serving = conditions.Bool("serving"),
            Terminating = conditions.Bool("terminating"),
            Hostname = endpoint.Text("hostname"),
            NodeName = endpoint.Text("nodeName"),
            Zone = endpoint.Text("zone"),
            ForZones = hints.Objects("forZones", z => z.Text("name") ?? ""),
            ForNodes = hints.Objects("forNodes", n => n.Text("name") ?? ""),
            TargetRef = ReadTargetRef(endpoint),
        };
    }

    private static EndpointAddress ReadAddress(MappingNode address) =>
        new(address.Text("ip") ?? "", address.Text("hostname"), address.Text("nodeName"), ReadTargetRef(address));

    private static EndpointPort ReadPort(MappingNode port) =>
        new(port.Text("name"), port.Text("protocol"), port.Int32("port"), port.Text("appProtocol"));

    private static string? ReadTargetRef(MappingNode node) =>
        node.Object("targetRef") is { } target ? $"{target.Text("kind")}/{target.Text("name")}" : null;
}
