using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Control;

/// <summary>One address that is listened on: a socket per shard, sharing it by SO_REUSEPORT. Control plane only.</summary>
internal sealed class ListenerGroup(ListenAddress address, ServiceListener[] listeners, ListenerTarget target)
{
    internal ListenAddress Address { get; } = address;

    /// <summary>By shard.</summary>
    internal ServiceListener[] Listeners { get; } = listeners;

    /// <summary>Whom its clients get.</summary>
    internal ListenerTarget Target { get; private set; } = target;

    /// <summary>Points it at another service or other rules; no socket is touched.</summary>
    internal void Retarget(ListenerTarget target)
    {
        Target = target;
        foreach (var listener in Listeners)
        {
            listener.Target = target;
        }
    }
}

/// <summary>What only one listener group can have: TCP and UDP do not know of each other.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Address">Address and port.</param>
internal readonly record struct ListenAddress(TransportProtocol Protocol, AddressKey Address)
{
    internal static ListenAddress Of(ListenerTarget target) => new(target.Service.Snapshot.Spec.Protocol, target.Address);

    /// <inheritdoc/>
    public override string ToString() => Protocol == TransportProtocol.Udp ? $"{Address}/udp" : $"{Address}";
}

/// <summary>Says what would help.</summary>
internal static class ListenProblem
{
    internal static string Describe(ListenAddress address, Errno error) => error switch
    {
        Errno.EADDRINUSE => $"{address} is in use by another process; stop it (ss -{(address.Protocol == TransportProtocol.Udp ? 'u' : 't')}lnp shows which) or choose another port",
        Errno.EACCES or Errno.EPERM when address.Address.Port < 1024 =>
            $"{address} needs the right to bind a port below 1024: grant CAP_NET_BIND_SERVICE or lower net.ipv4.ip_unprivileged_port_start",
        Errno.EACCES or Errno.EPERM => $"{address} may not be bound: {LastError.Describe(error)}",
        Errno.EADDRNOTAVAIL => $"{address} is on no interface of this machine and may not be bound beforehand; add it, or use --manage-addresses",
        Errno.EMFILE or Errno.ENFILE => $"{address} found no free descriptor; raise the limit (ulimit -n) or serve fewer kinds of address",
        _ => $"{address} could not be bound: {LastError.Describe(error)} ({error})",
    };

    internal static string OverLimit(int most) =>
        $"the descriptor limit leaves room for {most} listening sockets; raise it (ulimit -n), lower --shards or serve fewer kinds of address";

    internal static string TakenBy(ServiceKey owner) => $"the address and port belong to {owner}";

    internal static string NotServed(TransportProtocol protocol) =>
        $"{protocol.ToString().ToUpperInvariant()} is not forwarded by this version";
}
