using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Control;

/// <summary>What a change takes away, and how long the sessions there may go on. One writer.</summary>
internal sealed class Leaving
{
    private readonly List<(Backend Backend, TimeSpan Drain, TransportProtocol Protocol)> _backends = [];
    private readonly List<(Service Service, AddressKey Listen, TimeSpan Drain)> _listens = [];

    /// <summary>A backend of <paramref name="spec"/> that is wanted no more.</summary>
    internal void Add(Backend backend, ServiceSpec spec) => _backends.Add((backend, spec.Timeouts.Drain, spec.Protocol));

    /// <summary>The addresses of <paramref name="old"/> that <paramref name="service"/> is not offered at any more.</summary>
    internal void AddListens(Service service, ServiceSpec? old, ServiceSpec spec)
    {
        if (old is null || old.Listens == spec.Listens || spec.Protocol == TransportProtocol.Udp)
        {
            return; // A flow ends with its listener.
        }

        foreach (var listen in old.Listens.Where(listen => !spec.Listens.Any(other => other.Address.Equals(listen.Address))))
        {
            _listens.Add((service, AddressKey.From(listen.Address), spec.Timeouts.Drain));
        }
    }

    /// <summary>Has each shard let them drain.</summary>
    internal void Drain(IEnumerable<ShardWorker> workers)
    {
        // What datagrams that are sent one by one go out by is no session.
        _backends.RemoveAll(static item => item.Backend.Load.Active == 0 && item.Protocol != TransportProtocol.Udp);
        foreach (var worker in _backends.Count + _listens.Count == 0 ? [] : workers)
        {
            worker.Shard.Post(_ => Drain(worker), null);
        }
    }

    private void Drain(ShardWorker worker)
    {
        foreach (var (backend, drain, _) in _backends)
        {
            worker.Sessions.Drain(session => session.Backend == backend, (long)drain.TotalMilliseconds);

            // A datagram finds its way anew at no price; a connection could not.
            worker.Flows.EndOf(backend, CloseReason.BackendRemoved);
        }

        foreach (var (service, listen, drain) in _listens)
        {
            worker.Sessions.Drain(session => session.IsOf(service, listen), (long)drain.TotalMilliseconds);
        }
    }
}
