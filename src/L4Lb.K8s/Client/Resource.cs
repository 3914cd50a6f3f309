using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Client;

/// <summary>One kind of object as the API server offers it.</summary>
/// <param name="Group">API group; empty for the core.</param>
/// <param name="Version">Version of the group.</param>
/// <param name="Plural">Name in paths, as <c>services</c>.</param>
/// <param name="IsNamespaced">Whether its objects are in namespaces.</param>
/// <param name="Read">Makes an object of a JSON tree.</param>
internal sealed record Resource<T>(string Group, string Version, string Plural, bool IsNamespaced, Func<MappingNode, T> Read)
    where T : KubeObject
{
    /// <summary>Path of all objects, or of those in a namespace; relative to the server's address, so that it may have a prefix.</summary>
    public string Path(string? @namespace = null)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return string.IsNullOrEmpty(@namespace) || !IsNamespaced
            ? $"{root}/{Plural}"
            : $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";
    }

    /// <summary>Path of one object, or of a part of it such as <c>status</c>.</summary>
    public string Path(ObjectName name, string? subresource = null)
    {
        var path = $"{Path(name.Namespace)}/{Uri.EscapeDataString(name.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    /// <inheritdoc/>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>The resources that the appliance uses.</summary>
internal static class Resources
{
    /// <summary>Services.</summary>
    public static Resource<Service> Services { get; } = new("", "v1", "services", true, ServiceReader.Read);

    /// <summary>EndpointSlices.</summary>
    public static Resource<EndpointSlice> EndpointSlices { get; } =
        new("discovery.k8s.io", "v1", "endpointslices", true, ObjectReader.ReadEndpointSlice);

    /// <summary>Endpoints, for clusters without slices.</summary>
    public static Resource<Endpoints> Endpoints { get; } = new("", "v1", "endpoints", true, ObjectReader.ReadEndpoints);

    /// <summary>Nodes.</summary>
    public static Resource<Node> Nodes { get; } = new("", "v1", "nodes", false, ObjectReader.ReadNode);

    /// <summary>Namespaces.</summary>
    public static Resource<Namespace> Namespaces { get; } = new("", "v1", "namespaces", false, ObjectReader.ReadNamespace);

    /// <summary>AddressPools, our own kind.</summary>
    public static Resource<AddressPool> AddressPools { get; } =
        new("l4lb.io", "v1alpha1", "addresspools", false, AddressPoolReader.Read);

    /// <summary>Events, of which nothing is read but their names.</summary>
    public static Resource<ClusterEvent> Events { get; } = new("events.k8s.io", "v1", "events", true, ObjectReader.ReadEvent);

    /// <summary>Leases.</summary>
    public static Resource<Lease> Leases { get; } = new("coordination.k8s.io", "v1", "leases", true, ObjectReader.ReadLease);
}
