using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using L4Lb.Testing;
using L4Lb.Testing.Cluster;
using L4Lb.Testing.Cluster.Access;

namespace L4Lb.SystemTests.Support.Kubernetes;

/// <summary>
/// A <see cref="Site"/> with an API server, in which the real program runs on the nodes. It has the rights of
/// <c>deploy/base</c>; no test may end with it having been refused something.
/// </summary>
internal sealed class ClusterSite : IAsyncDisposable
{
    private const string Token = "the-token";

    private readonly TemporaryFolder _folder = new();

    private ClusterSite(Site site, TestCluster api) => (Site, Api) = (site, api);

    public Site Site { get; }

    public TestCluster Api { get; }

    public NetworkNamespace Client => Site.Client;

    public IReadOnlyList<SiteNode> Nodes => Site.Nodes;

    /// <summary>Builds it; the API knows the nodes, and nothing else.</summary>
    public static async Task<ClusterSite> StartAsync(int nodes)
    {
        Requirements.Nginx();
        var site = await Site.BuildAsync(nodes);
        try
        {
            var api = await TestCluster.StartAsync(
                address: Site.ControlAddress, bind: endPoint => site.Control.Inside(() => Listen(endPoint)));
            api.Token = Token;
            api.Rights = DeployedRights.All;
            var cluster = new ClusterSite(site, api);
            foreach (var node in site.Nodes)
            {
                cluster.PutNode(node);
            }

            return cluster;
        }
        catch
        {
            await site.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    /// <summary>Starts <c>l4lb run --kubernetes</c> on a node, and waits until it serves.</summary>
    public Task<L4LbProcess> RunAsync(SiteNode node, params IEnumerable<string> options) => L4LbProcess.StartAsync(
        node.Space.Enter, ["--kubernetes", "--kubeconfig", WriteKubeconfig(), "--node-name", node.Name, "--state-dir", _folder.File(node.Name), .. options]);

    /// <summary>A file of this site's own folder.</summary>
    public string FilePath(string name) => _folder.File(name);

    public void PutNode(SiteNode node, bool isUnschedulable = false, params IEnumerable<(string Name, string Value)> labels) => Put(new
    {
        apiVersion = "v1",
        kind = "Node",
        metadata = new { name = node.Name, labels = labels.ToDictionary(static l => l.Name, static l => l.Value) },
        spec = new { unschedulable = isUnschedulable },
        status = new { addresses = new[] { Address(node.Address), Address(node.AddressV6) } },
    });

    /// <summary>An address pool of ours.</summary>
    public void PutPool(string name, params IEnumerable<string> addresses) =>
        Put(new { apiVersion = "l4lb.io/v1alpha1", kind = "AddressPool", metadata = new { name }, spec = new { addresses } });

    /// <summary>A Service, new or changed; what the API server would fill in has to be given. Its status, finalizers and annotations stay.</summary>
    public void PutService(ServiceObject service)
    {
        var document = service.ToJson();
        if (Api.Get(Kind.Service, service.Name) is { } present)
        {
            document["status"] = present["status"]?.DeepClone();
            document["metadata"]!["finalizers"] = present["metadata"]!["finalizers"]?.DeepClone();
            var annotations = document["metadata"]!["annotations"]!.AsObject();
            foreach (var (name, value) in present["metadata"]!["annotations"]?.AsObject() ?? [])
            {
                annotations.TryAdd(name, value?.DeepClone());
            }
        }

        Api.Put(document);
    }

    /// <summary>Pods as the endpoints of a Service, all of them ready, for a port without a name.</summary>
    public void PutEndpoints(string service, params IEnumerable<Pod> pods) => PutEndpoints(service, pods.Select(static p => new EndpointObject(p)));

    /// <summary>The endpoints of a Service; one slice a family, port and protocol.</summary>
    public void PutEndpoints(string service, IEnumerable<EndpointObject> endpoints, string portName = "", string protocol = "TCP")
    {
        EndpointObject[] all = [.. endpoints];
        foreach (var family in (string[])["IPv4", "IPv6"])
        {
            Put(new
            {
                apiVersion = "discovery.k8s.io/v1",
                kind = "EndpointSlice",
                metadata = new
                {
                    name = $"{service}-{family}-{portName}{protocol}".ToLowerInvariant(),
                    @namespace = "default",
                    labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service },
                },
                addressType = family,
                ports = new[] { new { name = portName, protocol, port = all.Length == 0 ? 8080 : all[0].Pod.Port } },
                endpoints = all.Select(e => e.ToSliceEntry(family)),
            });
        }
    }

    public void Put(object document) => Api.Put(JsonSerializer.SerializeToNode(document)!.AsObject());

    /// <summary>The addresses in the status of a Service.</summary>
    public IReadOnlyList<string> IngressOf(string service) =>
    [
        .. Api.Get(Kind.Service, service)?["status"]?["loadBalancer"]?["ingress"]?.AsArray().Select(static i => (string)i!["ip"]!) ?? [],
    ];

    /// <summary>One request of the client to an address; the answering pod's address, or null when there is no answer.</summary>
    public Task<string?> AskAsync(IPEndPoint to, TimeSpan? patience = null) => AskAsync(Client, to, patience);

    /// <summary>One request from somewhere; the answering pod's address, or null when there is no answer.</summary>
    public static async Task<string?> AskAsync(NetworkNamespace from, IPEndPoint to, TimeSpan? patience = null)
    {
        try
        {
            return (await from.Inside(() => Http.GetAsync(to, patience: patience ?? TimeSpan.FromSeconds(1)))).Trim('[', ']');
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Site.DisposeAsync();
        _folder.Dispose();
        Assert.Empty(Api.Refusals);
    }

    private static object Address(IPAddress address) => new { type = "InternalIP", address = address.ToString() };

    private string WriteKubeconfig()
    {
        _folder.Write("token", Token);
        return _folder.Write("kubeconfig.yaml", $$"""
            apiVersion: v1
            kind: Config
            clusters:
              - {name: test, cluster: {server: "{{Api.Address}}"} }
            users:
              - {name: test, user: {tokenFile: token} }
            contexts:
              - {name: test, context: {cluster: test, user: test, namespace: {{DeployedRights.Namespace}}} }
            current-context: test
            """);
    }

    private static Socket Listen(EndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(at);
        return socket;
    }
}
