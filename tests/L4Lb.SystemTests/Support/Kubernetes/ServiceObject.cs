using System.Text.Json;
using System.Text.Json.Nodes;

namespace L4Lb.SystemTests.Support.Kubernetes;

/// <summary>A Service as the API server would hand it out.</summary>
/// <param name="Name">Its name, in the namespace <c>default</c>.</param>
internal sealed record ServiceObject(string Name)
{
    public string Type { get; init; } = "LoadBalancer";

    public IReadOnlyList<string> ClusterIPs { get; init; } = [];

    public IReadOnlyList<string> Families { get; init; } = ["IPv4"];

    public IReadOnlyList<ServicePortObject> Ports { get; init; } = [new(80)];

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>More of the spec, by field.</summary>
    public IReadOnlyDictionary<string, object> Spec { get; init; } = new Dictionary<string, object>();

    public JsonObject ToJson()
    {
        var spec = new Dictionary<string, object>
        {
            ["type"] = Type,
            ["selector"] = new { app = Name },
            ["ports"] = Ports.Select(static p => p.ToJson()),
        };
        if (Type != "ExternalName")
        {
            spec["ipFamilies"] = Families;
            spec["ipFamilyPolicy"] = Families.Count > 1 ? "PreferDualStack" : "SingleStack";
            spec["sessionAffinity"] = "None";
            spec["internalTrafficPolicy"] = "Cluster";
            spec["clusterIPs"] = ClusterIPs;
            if (ClusterIPs.Count > 0)
            {
                spec["clusterIP"] = ClusterIPs[0];
            }
        }

        if (Type is "LoadBalancer" or "NodePort")
        {
            spec["externalTrafficPolicy"] = "Cluster";
        }

        foreach (var (field, value) in Spec)
        {
            spec[field] = value;
        }

        var document = new
        {
            apiVersion = "v1",
            kind = "Service",
            metadata = new { name = Name, @namespace = "default", labels = Labels, annotations = Annotations },
            spec,
        };
        return JsonSerializer.SerializeToNode(document)!.AsObject();
    }
}

/// <summary>A port of a <see cref="ServiceObject"/>.</summary>
internal sealed record ServicePortObject(int Port, string Protocol = "TCP", string Name = "", int NodePort = 0)
{
    public object ToJson() => new { name = Name, port = Port, protocol = Protocol, targetPort = 8080, nodePort = NodePort };
}

/// <summary>A pod as an endpoint.</summary>
internal sealed record EndpointObject(Pod Pod)
{
    public bool IsReady { get; init; } = true;

    public bool IsServing { get; init; } = true;

    public bool IsTerminating { get; init; }

    public object ToSliceEntry(string family) => new
    {
        addresses = new[] { (family == "IPv4" ? Pod.Address : Pod.AddressV6).ToString() },
        conditions = new { ready = IsReady, serving = IsServing, terminating = IsTerminating },
        nodeName = Pod.Node.Name,
    };
}
