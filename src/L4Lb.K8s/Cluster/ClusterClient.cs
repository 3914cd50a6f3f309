using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Cluster;

/// <summary>The one connection to a cluster's API server, which all controllers share. Nothing is asked before something runs.</summary>
public sealed class ClusterClient : IDisposable
{
    private readonly KubernetesApi _api;
    private readonly IInformerLog _log;

    private ClusterClient(KubernetesConnection connection, IInformerLog log)
    {
        _api = connection.Open();
        _log = log;
        Namespace = connection.Namespace;
    }

    /// <summary>The namespace of the credentials: a pod's own, or a context's.</summary>
    public string Namespace { get; }

    /// <summary>The API server.</summary>
    internal IKubernetesApi Api => _api;

    /// <summary>Makes ready to talk to a cluster.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="log">Told what informers go through.</param>
    public static ClusterClient Open(KubernetesConnection connection, IInformerLog log) => new(connection, log);

    /// <summary>The informers of the proxy controller.</summary>
    internal ClusterInformers Inform(ProxyOptions options) => new(_api, options, TimeProvider.System, Random.Shared.NextDouble, _log);

    /// <summary>The leases of addresses, each of which one node has; they are followed from now on.</summary>
    public AddressLeases LeaseAddresses(AddressLeaseOptions options)
    {
        var leases = Follow(Resources.Leases, new ApiScope(options.Namespace, $"{AddressLeases.Label}=true"));
        return new(_api, options, leases, TimeProvider.System, Random.Shared.NextDouble);
    }

    /// <summary>Ends the connection; only once nothing runs.</summary>
    public void Dispose() => _api.Dispose();

    /// <summary>An informer, which somebody has to run.</summary>
    internal Informer<T> Follow<T>(Resource<T> resource, ApiScope scope)
        where T : KubeObject => new(_api, resource, scope, TimeProvider.System, Random.Shared.NextDouble, _log);
}
