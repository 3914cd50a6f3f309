using System.Net;
using System.Net.Sockets;

namespace L4Lb.Host.Announcing;

/// <summary>
/// Membership in the groups to which others send when they ask for an IPv6 address. The kernel is in the group of an address
/// that it has; for one that we only want we have to be, or the interface and the switches keep from us who else asks. Not
/// thread-safe.
/// </summary>
internal sealed class SolicitedGroups : IDisposable
{
    private readonly Socket? _socket = Socket.OSSupportsIPv6 ? new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) : null;

    // Group → the addresses in whose name it was joined.
    private readonly Dictionary<IPAddress, HashSet<IPAddress>> _members = [];

    /// <summary>Joins the group of <paramref name="address"/>; for IPv4, which has none, does nothing.</summary>
    public void Join(IPAddress address, int interfaceIndex)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return;
        }

        var group = NeighbourFrame.GroupOf(address);
        if (_members.TryGetValue(group, out var members))
        {
            members.Add(address);
        }
        else
        {
            _members.Add(group, [address]);
            Set(SocketOptionName.AddMembership, group, interfaceIndex);
        }
    }

    /// <summary>Leaves the group, unless another address is in it.</summary>
    public void Leave(IPAddress address, int interfaceIndex)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6
            && NeighbourFrame.GroupOf(address) is var group
            && _members.TryGetValue(group, out var members)
            && members.Remove(address)
            && members.Count == 0)
        {
            _members.Remove(group);
            Set(SocketOptionName.DropMembership, group, interfaceIndex);
        }
    }

    /// <summary>Joins all groups on an interface that is in the place of the last one.</summary>
    public void JoinAgain(int interfaceIndex)
    {
        foreach (var group in _members.Keys)
        {
            Set(SocketOptionName.AddMembership, group, interfaceIndex);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Set(SocketOptionName name, IPAddress group, int interfaceIndex)
    {
        try
        {
            _socket?.SetSocketOption(SocketOptionLevel.IPv6, name, new IPv6MulticastOption(group, interfaceIndex));
        }
        catch (SocketException)
        {
            // The interface has no IPv6, or the socket is in all groups that it may be in: answers to our probes come anyway.
        }
    }
}
