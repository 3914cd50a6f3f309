using System.Net;
using L4Lb.Engine.Interop;

namespace L4Lb.Host.Addresses;

/// <summary>The addresses of one network interface. Results are errno values, 0 for done.</summary>
internal interface IInterfaceAddresses
{
    /// <summary>Name of the interface.</summary>
    string Interface { get; }

    /// <summary>Adds the address as a host address that stays.</summary>
    int Add(IPAddress address);

    /// <summary>Adds the address as a host address that goes after so many seconds unless it is put again.</summary>
    int Put(IPAddress address, int lifetimeSeconds);

    /// <summary>Removes the host address.</summary>
    int Remove(IPAddress address);

    /// <summary>Adds all that it has and that stay to <paramref name="addresses"/>.</summary>
    int List(ISet<IPAddress> addresses);
}

/// <summary>Those of an interface of this machine.</summary>
internal sealed class KernelInterfaceAddresses(string iface) : IInterfaceAddresses
{
    public string Interface => iface;

    public int Add(IPAddress address)
    {
        // What an announcing run left behind a moment ago is about to go: this one is to stay.
        if (RouteNetlink.AddAddress(iface, address, HostPrefix(address)) is var errno && errno != InterfaceProblem.AlreadyThere)
        {
            return errno;
        }

        var staying = new HashSet<IPAddress>();
        if (List(staying) != 0 || staying.Contains(address))
        {
            return InterfaceProblem.AlreadyThere;
        }

        _ = Remove(address);
        return RouteNetlink.AddAddress(iface, address, HostPrefix(address));
    }

    public int Put(IPAddress address, int lifetimeSeconds) =>
        RouteNetlink.PutAddress(iface, address, HostPrefix(address), lifetimeSeconds);

    public int Remove(IPAddress address) => RouteNetlink.RemoveAddress(iface, address, HostPrefix(address));

    public int List(ISet<IPAddress> addresses)
    {
        var found = new List<InterfaceAddress>();
        var errno = RouteNetlink.ListAddresses(iface, found);
        addresses.UnionWith(found.Where(f => f.IsPermanent).Select(f => f.Address));
        return errno;
    }

    /// <summary>/32 or /128: the address alone, and no route to a network that is not there.</summary>
    private static int HostPrefix(IPAddress address) => address.GetAddressBytes().Length * 8;
}
