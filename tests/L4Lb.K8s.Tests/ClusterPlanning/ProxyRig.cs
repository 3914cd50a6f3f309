using L4Lb.Engine.Desired;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>A planner that is told of objects, and what its plan says in one line.</summary>
internal sealed class ProxyRig(ProxyOptions? options = null)
{
    /// <summary>The proxy of a node, of all kinds of address.</summary>
    public static ProxyOptions Full { get; } = new() { Serve = ServeKinds.All, NodeName = "here" };

    public ClusterPlanner Planner { get; } = new(options ?? Full);

    public static Service Service(string name, string type = "ClusterIP") => Make.Service(name, type).ClusterIP("10.96.0.1") with { IPFamilies = ["IPv4"] };

    public static Service LoadBalancer(string name, params string[] addresses) => Service(name, "LoadBalancer") with
    {
        Ports = [Make.Port(80, 8080, nodePort: 30080)],
        Ingress = addresses.Select(static a => new LoadBalancerIngress(a, "", "VIP")).ToEquatableArray(),
    };

    public static Node Node(string name, string zone = "", params string[] addresses) =>
        new Node { Metadata = new() { Name = name, Namespace = "" }, Addresses = [.. addresses] }.Labelled(Objects.Node.ZoneLabel, zone);

    public static Endpoint On(string node, string address, bool? ready = null, bool? serving = null, bool? terminating = null) =>
        new() { Addresses = [address], NodeName = node, Ready = ready, Serving = serving, Terminating = terminating };

    public static EndpointSlice Slice(string service, string suffix, params Endpoint[] endpoints)
    {
        var slice = Make.Slice(service, "10.0.0.1");
        return slice with { Metadata = slice.Metadata with { Name = $"{service}-{suffix}" }, Endpoints = [.. endpoints] };
    }

    public ProxyRig Put(params KubeObject[] objects) => Each(
        objects,
        static o => o.Metadata.ResourceVersion.Length > 0 ? o : o with { Metadata = o.Metadata with { ResourceVersion = "1" } });

    public ProxyRig Delete(params KubeObject[] objects) => Each(objects, static _ => null);

    public ClusterPlan Plan() => Planner.Plan();

    /// <summary>What is listened on, as <c>ClusterIP 10.96.0.1:80</c>.</summary>
    public string Listens(string service = "web") =>
        string.Join(", ", Specs(service).SelectMany(static s => s.Listens).Select(static l => $"{l.Kind} {l.Address}"));

    /// <summary>Who may serve where the policy is this one.</summary>
    public string Eligible(BackendScope scope = BackendScope.Cluster, string service = "web") =>
        string.Join(' ', Specs(service).SelectMany(static s => s.Backends).Where(b => b.Scopes.HasFlag(scope)).Select(static b => b.Address));

    /// <summary>Who may serve what comes in at addresses of a kind; null when there are none.</summary>
    public string? Behind(ListenKind kind, string service = "web")
    {
        var listens = Specs(service).SelectMany(static s => s.Listens).Where(l => l.Kind == kind).ToList();
        return listens.Count == 0 ? null : Eligible(listens[0].Scope, service);
    }

    public string Problems(string service = "web") =>
        string.Join('\n', Plan().ProblemsOf(new("default", service)).Select(static d => d.ToString()));

    public IReadOnlyList<ServiceSpec> Specs(string service = "web") => [.. Plan().Desired.Services.Where(s => s.Key.Name == service)];

    private ProxyRig Each(KubeObject[] objects, Func<KubeObject, KubeObject?> becomes)
    {
        foreach (var item in objects)
        {
            var (name, now) = (item.Metadata.ObjectName, becomes(item));
            switch (item)
            {
                case Objects.Service:
                    Planner.SetService(name, (Service?)now);
                    break;
                case EndpointSlice:
                    Planner.SetSlice(name, (EndpointSlice?)now);
                    break;
                case Endpoints:
                    Planner.SetEndpoints(name, (Endpoints?)now);
                    break;
                case Objects.Node:
                    Planner.SetNode(name, (Node?)now);
                    break;
            }
        }

        return this;
    }
}
