using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Addresses;

/// <summary>Which addresses a desired state needs on an interface. Pure.</summary>
internal static class WantedAddresses
{
    /// <summary>
    /// Addresses of the services themselves. Not NodePorts and what was given on the command line, which are about
    /// addresses that the machine has, and not loopback, which every machine has.
    /// </summary>
    public static HashSet<IPAddress> Of(DesiredState desired) =>
    [
        .. ((IEnumerable<ServiceSpec>)desired.Services)
            .SelectMany(s => s.Listens)
            .Where(l => l.Kind is ListenKind.ClusterIP or ListenKind.LoadBalancer or ListenKind.ExternalIP)
            .Select(l => l.Address.Address)
            .Where(a => !IPAddress.IsLoopback(a) && !a.Equals(IPAddress.Any) && !a.Equals(IPAddress.IPv6Any)),
    ];
}
