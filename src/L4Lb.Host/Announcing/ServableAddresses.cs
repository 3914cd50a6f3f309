using System.Net;
using L4Lb.Engine;
using L4Lb.Host.Addresses;

namespace L4Lb.Host.Announcing;

/// <summary>Which addresses are wanted, and on which of them somebody could be served. Pure.</summary>
internal static class ServableAddresses
{
    /// <summary>
    /// Every wanted address; true when a port of it listens, which it does exactly while a backend is usable that the
    /// traffic policy of that way in allows (under Local, one of this node).
    /// </summary>
    public static Dictionary<IPAddress, bool> Of(IReadOnlyList<ListenerStatus> listeners)
    {
        var servable = new Dictionary<IPAddress, bool>();
        foreach (var listener in listeners)
        {
            if (WantedAddresses.IsWanted(listener.Listen))
            {
                var address = listener.Listen.Address.Address;
                servable[address] = servable.GetValueOrDefault(address) || listener.State == ListenerState.Listening;
            }
        }

        return servable;
    }
}
