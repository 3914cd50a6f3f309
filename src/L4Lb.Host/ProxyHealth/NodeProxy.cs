using System.Net.Sockets;
using L4Lb.Host.Logging;
using L4Lb.Host.Running;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.ProxyHealth;

/// <summary>What others may ask of this node's proxy: whether it is well, and which Services have endpoints here.</summary>
internal sealed class NodeProxy : IAsyncDisposable
{
    private readonly ClusterFollower _cluster;
    private readonly SyncHealth _health = new(TimeProvider.System);
    private readonly PortServer _server;
    private readonly HealthCheckServer? _checks;
    private OpenPort? _healthz;

    private NodeProxy(ClusterFollower cluster, PortServer server, ClusterSettings settings)
    {
        _cluster = cluster;
        _server = server;

        // Where another proxy has the node ports, it has these as well.
        _checks = settings.Proxy.Serve.HasFlag(ServeKinds.NodePort)
            ? new(server, HealthCheckServer.AllAddresses, _health, TimeProvider.System, failure => Tell(failure, settings.Identity))
            : null;
        cluster.Changed += _health.Queued;
        if (cluster.Node is { } node)
        {
            node.Changed += () => _health.IsNodeEligible = node.IsEligible;
        }
    }

    /// <summary>Starts to answer.</summary>
    /// <exception cref="StartFailedException">The address of <c>/healthz</c> cannot be listened on.</exception>
    public static async Task<NodeProxy> StartAsync(
        ClusterFollower cluster, ClusterSettings settings, ILogger logger, CancellationToken stop)
    {
        var proxy = new NodeProxy(cluster, await PortServer.StartAsync(stop), settings);
        try
        {
            if (settings.HealthzAddress is { } address)
            {
                proxy._healthz = ProxyHealthServer.Open(proxy._server, address, proxy._health, TimeProvider.System);
                ClusterLog.HealthzStarted(logger, proxy._healthz.EndPoint);
            }

            return proxy;
        }
        catch (SocketException e)
        {
            await proxy.DisposeAsync();
            throw new StartFailedException($"--healthz-address {settings.HealthzAddress}: {e.Message}", e);
        }
    }

    /// <summary>The last plan is in force.</summary>
    public void Settled(ClusterPlan plan)
    {
        _health.Synced();
        _checks?.Apply(plan.HealthChecks);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _cluster.Changed -= _health.Queued;
        if (_healthz is not null)
        {
            await _healthz.DisposeAsync();
        }

        if (_checks is not null)
        {
            await _checks.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    private void Tell(HealthCheckFailure failure, string node) => _cluster.Events.Warn(
        new ObjectName(failure.Service.Namespace, failure.Service.Name),
        HealthCheckFailure.Reason, HealthCheckFailure.Action, failure.Text(node));
}
