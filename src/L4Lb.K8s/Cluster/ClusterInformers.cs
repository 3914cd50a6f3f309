using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Cluster;

/// <summary>The informers that the proxy controller needs, and no more of the cluster than it needs.</summary>
public sealed class ClusterInformers
{
    // Whose Service has no address has no use for a proxy; a good part of all endpoints belongs to such.
    private static readonly ApiScope s_notHeadless = new(LabelSelector: $"!{ServiceTranslator.HeadlessLabel}");

    private readonly Informer<Service> _services;
    private readonly Informer<EndpointSlice>? _slices;
    private readonly FallbackInformer<EndpointSlice, Endpoints>? _endpoints;
    private readonly Informer<Node>? _nodes;

    /// <summary>Creates the informers, which do not run yet.</summary>
    /// <param name="api">The API server.</param>
    /// <param name="options">What the controller was told.</param>
    /// <param name="time">The clock of retries.</param>
    /// <param name="dice">Dice between 0 and 1 that spread retries.</param>
    /// <param name="log">Told what people may want to know.</param>
    internal ClusterInformers(IKubernetesApi api, ProxyOptions options, TimeProvider time, Func<double> dice, IInformerLog log)
    {
        _services = Of(Resources.Services, ApiScope.All);
        if (options.Backends == BackendKind.Endpoints)
        {
            _slices = Of(Resources.EndpointSlices, s_notHeadless);
            _endpoints = new(_slices, Of(Resources.Endpoints, s_notHeadless));
        }

        _nodes = NodesFor(options) is { } scope ? Of(Resources.Nodes, scope) : null;

        Informer<T> Of<T>(Resource<T> resource, ApiScope scope)
            where T : KubeObject => new(api, resource, scope, time, dice, log);
    }

    /// <summary>Every Service as it was seen last. Any thread.</summary>
    public IReadOnlyCollection<Service> KnownServices => _services.Items;

    /// <summary>Services, all of them.</summary>
    internal IInformer<Service> Services => _services;

    /// <summary>Makes ready to follow a cluster; nothing is asked of it yet.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="options">What the controller was told.</param>
    public static ClusterInformers Open(ClusterClient client, ProxyOptions options) => client.Inform(options);

    /// <summary>The node of that name, if nodes are followed at all; it needs <see cref="ProxyOptions.NodeName"/>.</summary>
    public OwnNode? FollowNode(string? name) => name is not null && _nodes is not null ? new(_nodes, name) : null;

    /// <summary>Joins a planner to the informers.</summary>
    public ClusterSource Join(ClusterPlanner planner) => new(planner, _services, _slices, _endpoints, _nodes);

    /// <summary>Follows the cluster until cancelled, whatever happens to the API server. Not twice at once.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        _services.RunAsync(cancellation),
        _slices?.RunAsync(cancellation) ?? Task.CompletedTask,
        _endpoints?.RunAsync(cancellation) ?? Task.CompletedTask,
        _nodes?.RunAsync(cancellation) ?? Task.CompletedTask);

    /// <summary>
    /// The nodes to follow: all where they are the backends, else the own one for its zone and whether load may come in, or none.
    /// In a cluster of thousands, each would otherwise hear of each.
    /// </summary>
    private static ApiScope? NodesFor(ProxyOptions options) => options switch
    {
        { Backends: BackendKind.Nodes } => ApiScope.All,
        { NodeName: { } name } => new(FieldSelector: $"metadata.name={name}"),
        _ => null,
    };
}
