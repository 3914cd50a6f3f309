using System.Net;
using L4Lb.Engine.Affinity;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Datagrams;

/// <summary>A UDP service as the control plane puts it in force, in the control plane's steps.</summary>
internal sealed class ServiceRig
{
    private readonly SchedulerMemory _memory;
    private readonly AffinityTable _affinity;

    internal ServiceRig(ServiceSpec spec, ulong seed = 1)
    {
        _memory = new SchedulerMemory(seed);
        _affinity = new AffinityTable(maxEntries: 10_000, timeoutMs: 60_000, seed);
        ServiceEntry.Reconcile(Backends, spec, _memory.Total);
        Service = new Service(spec.Key, Build(spec), _memory, _memory)
        {
            Sources = SourceTable.Exchange(null, spec.Limits.PerSource),
        };
    }

    internal Service Service { get; }

    internal Dictionary<AddressKey, Backend> Backends { get; } = [];

    internal ServiceSpec Spec => Service.Snapshot.Spec;

    /// <summary>The backend with this port.</summary>
    internal Backend this[int port] => Backends[AddressKey.From(IPAddress.Loopback, port)];

    internal static ServiceSpec Spec53(params int[] ports) => new()
    {
        Key = new ServiceKey("default", "dns", "dns"),
        Protocol = TransportProtocol.Udp,
        Backends = [.. ports.Select(port => At(port))],
        Timeouts = new TimeoutSpec { Idle = TimeSpan.FromSeconds(30) },
    };

    internal static BackendSpec At(int port, int weight = 1) =>
        new() { Address = new IPEndPoint(IPAddress.Loopback, port), Weight = weight };

    /// <summary>Puts <paramref name="spec"/> in force. Returns the backends that are no longer wanted.</summary>
    internal List<Backend> Put(ServiceSpec spec)
    {
        var removed = Reconcile(spec);
        Publish(spec);
        return removed;
    }

    /// <summary>The first step: who is wanted.</summary>
    internal List<Backend> Reconcile(ServiceSpec spec) => ServiceEntry.Reconcile(Backends, spec, _memory.Total);

    /// <summary>The second: what flows go by from now on.</summary>
    internal void Publish(ServiceSpec spec)
    {
        Service.Snapshot = Build(spec);
        Service.Sources = SourceTable.Exchange(Service.Sources, spec.Limits.PerSource);
    }

    private ServiceSnapshot Build(ServiceSpec spec) =>
        SnapshotBuilder.Build(spec, Backends, _memory, _memory, spec.Affinity is null ? null : _affinity);
}
