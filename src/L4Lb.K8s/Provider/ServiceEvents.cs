using System.Net;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>Tells the people who look after a Service what went wrong with it on this node, by events in the cluster. Any thread.</summary>
public sealed class ServiceEvents
{
    private readonly IInformer<Service> _services;
    private readonly EventRecorder _events;

    /// <summary>Makes ready; nothing is sent before it runs.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="cluster">Informers of the proxy controller.</param>
    /// <param name="instance">Which process says so.</param>
    public ServiceEvents(ClusterClient client, ClusterInformers cluster, string instance)
    {
        _services = cluster.Services;
        _events = new(client.Api, "l4lb.io/proxy", instance, TimeProvider.System);
    }

    /// <summary>Warns of something about one Service; it is dropped when the Service is gone.</summary>
    public void Warn(ObjectName service, string reason, string action, string note)
    {
        if (_services.Find(service) is { } found)
        {
            Warn(found, reason, action, note);
        }
    }

    /// <summary>Warns of something about every Service that has a load balancer address.</summary>
    public void Warn(IPAddress address, string reason, string action, string note)
    {
        var text = address.ToString();
        foreach (var service in _services.Items.Where(s => s.Ingress.Any(i => i.IP == text)))
        {
            Warn(service, reason, action, note);
        }
    }

    /// <summary>Sends what there is to send until cancelled; an API server that is away loses the newest.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await _events.RunAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void Warn(Service service, string reason, string action, string note)
    {
        var about = new EventSubject("v1", "Service", service.Metadata.Namespace, service.Metadata.Name, service.Metadata.Uid);
        _events.Record(new(about, true, reason, action, note));
    }
}
