using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Addresses;

/// <summary>Which addresses a desired state needs on an interface. Pure.</summary>
internal static class WantedAddresses
{
    /// <summary>The addresses of all services.</summary>
    public static HashSet<IPAddress> Of(DesiredState desired) =>
        [.. ((IEnumerable<ServiceSpec>)desired.Services).SelectMany(s => s.Listens).Where(IsWanted).Select(l => l.Address.Address)];

    /// <summary>
    /// Whether it is on an address of the service itself. Not NodePorts and what was given on the command line, which are
    /// about addresses that the machine has, and not loopback, which every machine has.
    /// </summary>
    public static bool IsWanted(ListenSpec listen) =>
        listen.Kind is ListenKind.ClusterIP or ListenKind.LoadBalancer or ListenKind.ExternalIP
        && listen.Address.Address is var address
        && !IPAddress.IsLoopback(address)
        && !address.Equals(IPAddress.Any)
        && !address.Equals(IPAddress.IPv6Any);
}
