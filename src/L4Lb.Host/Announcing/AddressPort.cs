using System.Net;
using L4Lb.Host.Addresses;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Announcing;

/// <summary>The interface, the wire, the leases and the log behind the decisions. The announcer's loop only.</summary>
internal sealed class AddressPort(
    IInterfaceAddresses iface, IWire wire, IAddressLeases leases, int lifetimeSeconds, ILogger logger) : IAddressPort
{
    private readonly HashSet<IPAddress> _owned = [];

    /// <summary>Somebody else has an address that is ours.</summary>
    public event Action<AddressConflict>? Conflict;

    public void Want(IPAddress address) => leases.Want(address);

    public void Release(IPAddress address) => leases.Release(address);

    public string? Put(IPAddress address)
    {
        if (!_owned.Contains(address) && IsSomebodyElses(address))
        {
            return $"{iface.Interface} has it already, and not from l4lb; remove it there";
        }

        var errno = iface.Put(address, lifetimeSeconds);
        if (errno != 0)
        {
            var problem = InterfaceProblem.Describe(errno);
            HostLog.AddressFailed(logger, address.ToString(), iface.Interface, problem);
            return problem;
        }

        if (_owned.Add(address))
        {
            HostLog.AddressAdded(logger, address.ToString(), iface.Interface);
        }

        return null;
    }

    public void Remove(IPAddress address)
    {
        _owned.Remove(address);
        var errno = iface.Remove(address);
        if (errno is 0 or InterfaceProblem.NotThere or InterfaceProblem.NoDevice)
        {
            HostLog.AddressRemoved(logger, address.ToString(), iface.Interface);
        }
        else
        {
            HostLog.AddressFailed(logger, address.ToString(), iface.Interface, InterfaceProblem.Describe(errno));
        }
    }

    public void Probe(IPAddress address) => wire.Probe(address);

    public void Announce(IPAddress address) => wire.Announce(address);

    public void TellConflict(IPAddress address, Claim claim)
    {
        HostLog.AddressConflict(logger, address.ToString(), claim.Sender.ToString(), iface.Interface);
        Conflict?.Invoke(new AddressConflict(address, claim.Sender, iface.Interface));
    }

    public void TellState(IPAddress address, AddressState before, AddressState after, string reason) =>
        HostLog.AddressState(logger, address.ToString(), before, after, reason);

    private bool IsSomebodyElses(IPAddress address)
    {
        var staying = new HashSet<IPAddress>();
        return iface.List(staying) == 0 && staying.Contains(address);
    }
}
