using System.Text.Json.Nodes;

namespace L4Lb.Testing.Cluster;

/// <summary>One kind of object that the API server double serves, and how the real server's strategy for it behaves.</summary>
internal sealed record Kind(string Group, string Version, string Resource, string Name, bool Namespaced = true)
{
    /// <summary>Whether status is written through its own subresource, and by nothing else.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Whether metadata.generation counts the changes of what is wanted.</summary>
    public bool CountsGenerations { get; init; }

    /// <summary>Whether a replacement must say which version it replaces.</summary>
    public bool NeedsVersionToReplace { get; init; }

    /// <summary>Members, as dotted paths, that hold times with exactly six digits after the second.</summary>
    public IReadOnlyList<string> MicroTimes { get; init; } = [];

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string Root => Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";

    /// <summary>How the server names the resource in messages: "leases.coordination.k8s.io".</summary>
    public string QualifiedResource => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    public static Kind Service { get; } = new("", "v1", "services", "Service") { HasStatus = true };

    public static Kind Endpoints { get; } = new("", "v1", "endpoints", "Endpoints");

    public static Kind Node { get; } = new("", "v1", "nodes", "Node", Namespaced: false) { HasStatus = true };

    public static Kind Namespace { get; } = new("", "v1", "namespaces", "Namespace", Namespaced: false)
    {
        HasStatus = true,
        NeedsVersionToReplace = true,
    };

    public static Kind EndpointSlice { get; } =
        new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice") { CountsGenerations = true };

    public static Kind Event { get; } = new("events.k8s.io", "v1", "events", "Event") { MicroTimes = ["eventTime", "series.lastObservedTime"] };

    public static Kind Lease { get; } = new("coordination.k8s.io", "v1", "leases", "Lease")
    {
        NeedsVersionToReplace = true,
        MicroTimes = ["spec.acquireTime", "spec.renewTime"],
    };

    public static Kind AddressPool { get; } = new("l4lb.io", "v1alpha1", "addresspools", "AddressPool", Namespaced: false)
    {
        HasStatus = true,
        CountsGenerations = true,
        NeedsVersionToReplace = true,
    };

    public static IReadOnlyList<Kind> All { get; } =
        [Service, Endpoints, Node, Namespace, EndpointSlice, Event, Lease, AddressPool];

    /// <summary>The kind that a document says it is.</summary>
    public static Kind Of(JsonObject document) =>
        All.SingleOrDefault(k => k.ApiVersion == (string?)document["apiVersion"] && k.Name == (string?)document["kind"])
        ?? throw new ArgumentException($"{document["apiVersion"]} {document["kind"]} is not served", nameof(document));

    /// <summary>The address of an object of this kind, or of all of them.</summary>
    public string PathOf(string? @namespace = null, string? name = null) =>
        Root + (@namespace is { Length: > 0 } ? $"/namespaces/{@namespace}" : "") + "/" + Resource + (name is null ? "" : "/" + name);

    public override string ToString() => QualifiedResource;
}
